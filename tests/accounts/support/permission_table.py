"""Who may do what at the desk, read from issue 5 and written by hand: one line for each address, no line for nobody.

Nothing here is derived from accounts.support.roles. Whoever adds a list, a page, a decision or an act adds its line, or
test_permission_table.py fails; whoever changes a line changes what the desk is.

`yes`: no row has a caisse here. `own`: rows of the agent's own caisse, and « not found » for another's. `all`: those of
every caisse. `-`: « not found », whatever the row, and a line in the journal.
"""

from dataclasses import dataclass

from accounts.models import Role

TABLE = """
# address                                       methods   agent lead national auditor operator

# The home page, and what Django has beside it.
index                                           get,post  yes   yes  yes      yes     yes
jsi18n                                          get       yes   yes  yes      yes     yes
app_list:accounts                               get,post  yes   yes  yes      yes     yes
app_list:enrolment                              get,post  yes   yes  yes      -       -
app_list:franceconnect                          get,post  -     yes  yes      -       yes

# An agent's own way in.
own_access                                      get       yes   yes  yes      yes     yes
own_password                                    get,post  yes   yes  yes      yes     yes
own_codes                                       get,post  yes   yes  yes      yes     yes
own_phone                                       get,post  yes   yes  yes      yes     yes
own_phone_new                                   get,post  yes   yes  yes      yes     yes

# Members, and what is done for one: suspending is a lead's.
member_search                                   get,post  yes   yes  yes      -       -
member_file                                     get       own   own  all      -       -
member_open                                     post      own   own  all      -       -
member_nir                                      get,post  own   own  all      -       -
member_act:mot-de-passe-par-email               get,post  own   own  all      -       -
member_act:mot-de-passe-par-courrier            get,post  own   own  all      -       -
member_act:debloquer                            get,post  own   own  all      -       -
member_act:fermer-les-sessions                  get,post  own   own  all      -       -
member_act:telephones                           get,post  own   own  all      -       -
member_act:email                                get,post  own   own  all      -       -
member_act:suspendre                            get,post  -     own  all      -       -
member_act:reactiver                            get,post  -     own  all      -       -
member_act:correction-identite                  get,post  own   own  all      -       -
member_act:dissocier-franceconnect              get,post  own   own  all      -       -

# Callers: codes read out, registrations helped along.
code_desk                                       get,post  yes   yes  yes      -       yes
telephone                                       get,post  yes   yes  yes      -       -
telephone_to_post                               post      yes   yes  yes      -       -
enrolment_enrolment_changelist                  get,post  yes   yes  yes      -       -
enrolment_enrolment_change                      get       all   all  all      -       -
enrolment_enrolment_change                      post      -     -    -        -       -
enrolment_enrolment_history                     get,post  all   all  all      -       -
enrolment_enrolment_add                         get,post  -     -    -        -       -
enrolment_enrolment_delete                      get,post  -     -    -        -       -

# What waits: departments, companies, addresses, corrections.
enrolment_departmentrequest_changelist          get,post  yes   yes  yes      -       -
enrolment_departmentrequest_change              get       own   own  all      -       -
enrolment_departmentrequest_change              post      -     -    -        -       -
enrolment_departmentrequest_open                post      own   own  all      -       -
enrolment_departmentrequest_accepter            post      own   own  all      -       -
enrolment_departmentrequest_refuser             post      own   own  all      -       -
enrolment_departmentrequest_history             get,post  own   own  all      -       -
enrolment_departmentrequest_add                 get,post  -     -    -        -       -
enrolment_departmentrequest_delete              get,post  -     -    -        -       -
enrolment_registrationrequest_changelist        get,post  yes   yes  yes      -       -
enrolment_registrationrequest_change            get       own   own  all      -       -
enrolment_registrationrequest_change            post      -     -    -        -       -
enrolment_registrationrequest_open              post      own   own  all      -       -
enrolment_registrationrequest_accepter          post      own   own  all      -       -
enrolment_registrationrequest_accepter-autre    post      own   own  all      -       -
enrolment_registrationrequest_refuser           post      own   own  all      -       -
enrolment_registrationrequest_autre-code        post      own   own  all      -       -
enrolment_registrationrequest_history           get,post  own   own  all      -       -
enrolment_registrationrequest_add               get,post  -     -    -        -       -
enrolment_registrationrequest_delete            get,post  -     -    -        -       -
accounts_addresschange_changelist               get,post  yes   yes  yes      -       -
accounts_addresschange_change                   get       own   own  all      -       -
accounts_addresschange_change                   post      -     -    -        -       -
accounts_addresschange_open                     post      own   own  all      -       -
accounts_addresschange_accepter                 post      own   own  all      -       -
accounts_addresschange_refuser                  post      own   own  all      -       -
accounts_addresschange_history                  get,post  own   own  all      -       -
accounts_addresschange_add                      get,post  -     -    -        -       -
accounts_addresschange_delete                   get,post  -     -    -        -       -
accounts_correctionrequest_changelist           get,post  yes   yes  yes      -       -
accounts_correctionrequest_change               get       own   own  all      -       -
accounts_correctionrequest_change               post      -     -    -        -       -
accounts_correctionrequest_open                 post      own   own  all      -       -
accounts_correctionrequest_repondre             post      own   own  all      -       -
accounts_correctionrequest_history              get,post  own   own  all      -       -
accounts_correctionrequest_add                  get,post  -     -    -        -       -
accounts_correctionrequest_delete               get,post  -     -    -        -       -

# Conflicts of links: a lead's to decide.
franceconnect_linkconflict_changelist           get,post  -     yes  yes      -       -
franceconnect_linkconflict_change               get       -     own  all      -       -
franceconnect_linkconflict_change               post      -     -    -        -       -
franceconnect_linkconflict_open                 post      -     own  all      -       -
franceconnect_linkconflict_garder               post      -     own  all      -       -
franceconnect_linkconflict_retirer              post      -     own  all      -       -
franceconnect_linkconflict_history              get,post  -     own  all      -       -
franceconnect_linkconflict_add                  get,post  -     -    -        -       -
franceconnect_linkconflict_delete               get,post  -     -    -        -       -

# Letters: that there is one, and that one came back; the print shop's batches are a lead's.
returned_letters                                get,post  yes   yes  yes      -       -
accounts_letter_changelist                      get,post  yes   yes  yes      -       -
accounts_letter_change                          get       own   own  all      -       -
accounts_letter_change                          post      -     -    -        -       -
accounts_letter_open                            post      own   own  all      -       -
accounts_letter_revenu                          post      own   own  all      -       -
accounts_letter_history                         get,post  own   own  all      -       -
accounts_letter_add                             get,post  -     -    -        -       -
accounts_letter_delete                          get,post  -     -    -        -       -
accounts_badaddress_changelist                  get,post  yes   yes  yes      -       -
accounts_badaddress_change                      get       own   own  all      -       -
accounts_badaddress_change                      post      -     -    -        -       -
accounts_badaddress_open                        post      own   own  all      -       -
accounts_badaddress_verifier                    post      own   own  all      -       -
accounts_badaddress_history                     get,post  own   own  all      -       -
accounts_badaddress_add                         get,post  -     -    -        -       -
accounts_badaddress_delete                      get,post  -     -    -        -       -
accounts_letterbatch_changelist                 get,post  -     yes  yes      -       -
accounts_letterbatch_change                     get       -     own  all      -       -
accounts_letterbatch_change                     post      -     -    -        -       -
accounts_letterbatch_history                    get,post  -     own  all      -       -
accounts_letterbatch_add                        get,post  -     -    -        -       -
accounts_letterbatch_delete                     get,post  -     -    -        -       -
letter_batches_compose                          post      -     yes  yes      -       -
letter_batch_posted                             post      -     own  all      -       -
letter_batch_again                              post      -     own  all      -       -

# What a caisse tells, and what everybody is told while something does not work.
accounts_news_changelist                        get,post  -     yes  yes      -       -
accounts_news_change                            get,post  -     own  all      -       -
accounts_news_history                           get,post  -     own  all      -       -
accounts_news_add                               get,post  -     yes  yes      -       -
accounts_news_delete                            get,post  -     -    -        -       -
accounts_banner_changelist                      get,post  -     -    yes      -       yes
accounts_banner_change                          get,post  -     -    all      -       all
accounts_banner_history                         get,post  -     -    all      -       all
accounts_banner_add                             get,post  -     -    yes      -       yes
accounts_banner_delete                          get,post  -     -    -        -       -

# Agents: a lead's own; a lost telephone is the operator's too. A lead has one role to give, so nothing to change.
accounts_agent_changelist                       get,post  -     yes  yes      -       yes
accounts_agent_change                           get       -     own  all      -       all
accounts_agent_change                           post      -     -    all      -       -
accounts_agent_history                          get,post  -     own  all      -       all
accounts_agent_add                              get,post  -     yes  yes      -       -
accounts_agent_delete                           get,post  -     -    -        -       -
agent_link                                      post      -     own  all      -       all
agent_leave                                     post      -     own  all      -       -

# The journal: the auditor's, and nobody else's.
accounts_entry_changelist                       get,post  -     -    -        yes     -
accounts_entry_change                           get       -     -    -        all     -
accounts_entry_change                           post      -     -    -        -       -
accounts_entry_history                          get,post  -     -    -        all     -
accounts_entry_add                              get,post  -     -    -        -       -
accounts_entry_delete                           get,post  -     -    -        -       -
journal_export                                  get,post  -     -    -        yes     -
journal_check                                   post      -     -    -        yes     -

# Services, keys, thresholds: the operator's.
franceconnect_client_changelist                 get,post  -     -    -        -       yes
franceconnect_client_change                     get,post  -     -    -        -       all
franceconnect_client_history                    get,post  -     -    -        -       all
franceconnect_client_add                        get,post  -     -    -        -       yes
franceconnect_client_delete                     get,post  -     -    -        -       -
client_new_secret                               post      -     -    -        -       all
client_retire_secret                            post      -     -    -        -       all
franceconnect_signingkey_changelist             get,post  -     -    -        -       yes
franceconnect_signingkey_change                 get       -     -    -        -       all
franceconnect_signingkey_change                 post      -     -    -        -       -
franceconnect_signingkey_history                get,post  -     -    -        -       all
franceconnect_signingkey_add                    get,post  -     -    -        -       -
franceconnect_signingkey_delete                 get,post  -     -    -        -       -
limits                                          get       -     -    -        -       yes
limit                                           get,post  -     -    -        -       yes
limit_restore                                   post      -     -    -        -       yes
"""
# In front of the desk: whoever stands there has not come in yet, or goes.
DOOR = frozenset({"door", "door_code", "door_recovery", "sign_out", "set_up", "set_up_phone"})
ROLES = (Role.AGENT, Role.LEAD, Role.NATIONAL, Role.AUDITOR, Role.OPERATOR)


@dataclass(frozen=True)
class Line:
    """One address, how it is asked for, and what each role may."""

    name: str
    # Which act, which application: where one address stands for several things.
    variant: str
    methods: frozenset[str]
    cells: dict[Role, str]

    def __str__(self) -> str:
        return f"{self.name}:{self.variant or '-'.join(sorted(self.methods))}"

    def lets(self, role: Role, *, own: bool) -> bool:
        """Whether this role may, on a row of its own caisse or of another."""
        return self.cells[role] in ("yes", "all") or (self.cells[role] == "own" and own)

    @property
    def is_for_somebody(self) -> bool:
        return set(self.cells.values()) != {"-"}


def _read(line: str) -> Line:
    address, methods, *cells = line.split()
    name, _, variant = address.partition(":")
    assert set(cells) <= {"yes", "own", "all", "-"}, line
    return Line(name, variant, frozenset(methods.split(",")), dict(zip(ROLES, cells, strict=True)))


LINES = [_read(each) for each in TABLE.splitlines() if each and not each.startswith("#")]
