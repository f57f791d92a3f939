"""What a member reads of what FranceConnect is for, before and on the way (J04, J07, J11 to J13, J17)."""

import pytest

from accounts.models import NirStatus
from tests.members import a_member, an_account
from tests.oidc.clients import franceconnect
from tests.oidc.visitor import Visitor
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db


def test_the_services_where_a_member_may_enter_are_named_with_what_they_give():
    """J11, J12, J13: by the portal's own page; what a service does is said by the service."""
    Caller().visit("/franceconnect/puis-je-l-utiliser/").sees(
        "choisissez le compte MSA",
        "votre numéro de Sécurité sociale et votre mot de passe habituels",
        "Info Retraite, pour toute votre carrière et vos paiements de retraite",
        "Mes droits sociaux, pour estimer les aides auxquelles vous avez droit",
    )


def test_who_cannot_use_this_account_is_told_of_its_peers():
    """J07, J17: a number that is not certified; FranceConnect has other accounts beside the MSA's."""
    member = a_member()
    type(member).objects.filter(pk=member.pk).update(nir_status=NirStatus.UNCERTIFIED)
    an_account(member)
    visitor = Visitor()
    visitor.bring(franceconnect().request()).sign_in()
    visitor.sees("n'est pas encore certifié", "un autre compte", "impots.gouv.fr", "Ameli")
    assert visitor.offers("Retourner sur FranceConnect")
