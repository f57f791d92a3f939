"""The table of roles in Django's own words, for whatever asks `has_perm` (R20)."""

from accounts.models import Account
from accounts.support.desk import site
from accounts.support.roles import may


def of(account: Account) -> set[str]:
    """« app.verb_model » for each list of the desk; nobody removes anything there."""
    return {
        f"{each.opts.app_label}.{verb}_{each.opts.model_name}"
        for each in site.lists()
        for verb, what in (("view", each.see), ("change", each.change), ("add", each.add))
        if what is not None and may(account, what)
    }
