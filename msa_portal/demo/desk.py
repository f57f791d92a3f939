"""A day at the demonstration's support desk: something in each list, of two caisses, come there by the product's verbs.

It is laid out once, whole or not at all; what somebody decides afterwards stays decided at the next start.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import access, codes, contact, letters, opening
from accounts.identity.caisses import DEPARTMENTS
from accounts.letters.batch import named
from accounts.letters.printing import print_batch
from accounts.models import (
    Account,
    Banner,
    Channel,
    Consultation,
    Email,
    Letter,
    LetterBatch,
    Member,
    News,
    login_of_agent,
    login_of_nir,
    login_of_siret,
)
from accounts.registry import import_directory
from accounts.support.file import acts, consultations
from enrolment import companies, completion, journey, proofs, requests
from enrolment.departments import asking, deciding, reminding
from enrolment.models import DepartmentRequest, Enrolment, RegistrationRequest
from enrolment.steps import STEPS
from franceconnect.client import linking
from franceconnect.client.identity import FederationIdentity
from msa_portal.demo.agents import AGENTS, NotHere
from msa_portal.demo.companies import EXPECTED, SETTLED, WAITING, DemoCompany
from msa_portal.demo.neighbours import NEIGHBOURS, Neighbour, neighbour, registry_files
from msa_portal.demo.personas import DEMO_PASSWORD
from msa_portal.demo.seeding import NotLoaded, open_account
from msa_portal.environment import Mode

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
ALSACE, PROVENCE = "68", "13"
# Where no FranceConnect stands beside the portal, its links are somebody's all the same.
ISSUER = "https://franceconnect.example/api/v2"


def lay_out(*, now: datetime) -> bool:
    """Idempotent: one question once it is there. Returns whether it had to be done."""
    if settings.MODE is Mode.PRODUCTION:
        raise NotHere
    if Account.objects.filter(login_fingerprint=login_of_nir(NEIGHBOURS[0].number)).exists():
        return False
    _load_registry(now=now)
    with transaction.atomic():
        _Day(now).begin()
    return True


def _load_registry(*, now: datetime) -> None:
    folder = settings.VAR_DIR / "neighbours"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in registry_files().items():
        (folder / name).write_bytes(content)
    if not all(outcome.is_clean for outcome in list(import_directory(folder, now=now))):
        raise NotLoaded(f"see {folder / 'rejects.csv'}")


@dataclass(frozen=True)
class _Day:
    """Its scenes, in the order in which they came about."""

    now: datetime

    def begin(self) -> None:
        self.accounts()
        self.accept(SETTLED, asked=10 * A_DAY, accepted=9 * A_DAY, by="ines.faure")
        self.letters_of_last_week()
        self.settle(SETTLED)
        self.departments()
        self.companies()
        self.addresses()
        self.corrections()
        self.conflict()
        self.registrations()
        self.news()
        self.forget_old_mail()

    def accounts(self) -> None:
        for each in NEIGHBOURS:
            if each.is_registered:
                open_account(each, now=self.now - 60 * A_DAY)

    # Letters --------------------------------------------------------------------------------------------------------

    def letters_of_last_week(self) -> None:
        """Two batches posted, of which one letter has come back this morning; one printed, not yet at the post."""
        returned = self.registered_by_post(neighbour("klein"), ago=9 * A_DAY)
        for caisse in (ALSACE, PROVENCE):
            letters.mark_posted(self.printed(caisse, ago=8 * A_DAY), now=self.now - 7 * A_DAY)
        returned.refresh_from_db()
        letters.mark_returned(returned, by=agent("camille.dupre"), now=self.now - 3 * AN_HOUR)
        for slug in ("schmitt", "hertzog"):
            letters.post(Letter.Kind.REGISTRATION_CONFIRMATION, member=member(slug), now=self.now - 2 * A_DAY)
        self.printed(ALSACE, ago=A_DAY)

    def registered_by_post(self, somebody: Neighbour, *, ago: timedelta) -> Letter:
        at, known = self.now - ago, member(somebody.slug)
        account = opening.open_account(known, channel=Channel.POST, given=None, now=at)
        assert account
        access.send_temporary_password(account, channel=Channel.POST, registering=True, now=at)
        return Letter.objects.get(member=known)

    def printed(self, caisse: str, *, ago: timedelta) -> LetterBatch:
        """As the print shop does it, before the demonstration's letter box opens (accounts.letters.print_at_once)."""
        file = print_batch(caisse, settings.VAR_DIR / "print-shop", self.now - ago)
        batch = named(file.name) if file else None
        assert batch
        return batch

    # What a caisse decides ------------------------------------------------------------------------------------------

    def departments(self) -> None:
        """A late one, one whose code is on its way, and one to decide for each of two caisses."""
        self.ask("blanc", "68", ago=12 * A_DAY)
        reminding.alert(now=self.now - A_DAY)
        accepted = self.ask("weber", "13", ago=3 * A_DAY)
        deciding.accept(accepted, by=agent("ines.faure"), now=self.now - A_DAY)
        self.ask("roux", "67", ago=2 * AN_HOUR)
        self.ask("muller", "83", ago=AN_HOUR)

    def ask(self, who: str, department: str, *, ago: timedelta) -> DepartmentRequest:
        way = DepartmentRequest.Way.ELSEWHERE
        asked = asking.ask(account_of(who), department=DEPARTMENTS[department], way=way, now=self.now - ago)
        assert asked.request
        return asked.request

    def companies(self) -> None:
        """One whose letter is on its way, one to decide, and somebody who is neither member nor company."""
        self.accept(EXPECTED, asked=2 * A_DAY, accepted=A_DAY, by="camille.dupre")
        self.request("company", WAITING.details, ago=4 * AN_HOUR)
        told = {"name": "Jeanne OTT", "function": "tutrice familiale", "siret": "", "email": "jeanne.ott@example.org"}
        self.request("other", {**told, "phone": "+33399002005", "department": "67"}, ago=5 * AN_HOUR)
        told = {"name": "Karim HADJI", "function": "tiers déclarant", "siret": "", "email": "karim.hadji@example.org"}
        self.request("other", {**told, "phone": "+33499002006", "department": "13"}, ago=6 * AN_HOUR)

    def request(self, kind: str, details: Mapping[str, Any], *, ago: timedelta) -> RegistrationRequest:
        enrolment = journey.start(now=self.now - ago)
        journey.record(enrolment, "profil", {"profile": kind}, now=self.now - ago)
        requests.file(enrolment, kind=kind, details=dict(details), now=self.now - ago)
        return RegistrationRequest.objects.get(kind=kind, created_at=self.now - ago)

    def accept(self, company: DemoCompany, *, asked: timedelta, accepted: timedelta, by: str) -> None:
        request, at = self.request("company", company.details, ago=asked), self.now - accepted
        companies.accept(request, establishment=company.establishment, by=agent(by), now=at)

    def settle(self, company: DemoCompany) -> None:
        """Its letter was posted a week ago; its people have been in since."""
        account, at = company_account(company), self.now - 5 * A_DAY
        account.email_proven_at = account.contact_confirmed_at = account.terms_accepted_at = account.last_login = at
        account.terms_version = settings.TERMS_VERSION
        account.set_password(DEMO_PASSWORD)
        account.save()
        codes.spend_temporary_passwords(account, now=at)

    def addresses(self) -> None:
        consultations.begin(
            member("schmitt"), Consultation.Reason.CALL, by=agent("camille.dupre"), now=self.now - 2 * A_DAY
        )
        at_colmar = contact.PostalAddress("6 quai de la Poissonnerie", "68000", "Colmar")
        contact.ask_address_change(account_of("schmitt"), at_colmar, now=self.now - 6 * AN_HOUR)
        at_cassis = contact.PostalAddress("15 avenue de l'Amiral Ganteaume", "13260", "Cassis")
        contact.ask_address_change(account_of("giraud"), at_cassis, now=self.now - 7 * AN_HOUR)

    def corrections(self) -> None:
        born = {
            "subject": "birth_place",
            "note": "Née à Thann (68334), d'après son acte de naissance, et non à Mulhouse.",
        }
        self.correct("muller", by="camille.dupre", **born)
        named = {
            "subject": "given_names",
            "note": "«\u00a0Nadine Alix\u00a0» sur la carte d'identité, lue à l'accueil.",
        }
        self.correct("pons", by="ines.faure", **named)

    def correct(self, who: str, *, by: str, **given: str) -> None:
        act = acts.find("correction-identite")
        assert act
        acts.carry_out(act, member(who), by=agent(by), reason="counter", now=self.now - A_DAY, given=given)

    def conflict(self) -> None:
        """Two identities of FranceConnect for one account: the second is told to call (FS 13)."""
        account, issuer = account_of("hertzog"), settings.FRANCECONNECT_ISSUER or ISSUER
        first, second = (identity_of(neighbour("hertzog"), sub, issuer=issuer) for sub in ("premier", "second"))
        linking.link(account, first, by="account", now=self.now - 20 * A_DAY)
        try:
            linking.link(account, second, by="account", now=self.now - 3 * AN_HOUR)
        except linking.Taken as taken:
            linking.note_conflict(taken, now=self.now - 3 * AN_HOUR)

    # Registrations that come to nothing -----------------------------------------------------------------------------

    def registrations(self) -> None:
        """Three wrong answers, and a name that is not the registry's: the journal keeps why, and not who."""
        somebody = neighbour("fischer")
        standing = self.registering(somebody, "numero-de-serie", ago=3 * AN_HOUR)
        claim = proofs.claim_of(journey.answers_of(standing))
        while proofs.attempt(standing, claim, lambda: False, now=self.now - 2 * AN_HOUR):
            pass
        ended = self.registering(somebody, "conditions", ago=AN_HOUR, birth_name="FICHER")
        completion.complete(ended, now=self.now - AN_HOUR)

    def registering(self, somebody: Neighbour, until: str, *, ago: timedelta, **typed: str) -> Enrolment:
        """At this step, everything before it answered."""
        enrolment, answers = journey.start(now=self.now - ago), answers_of(somebody, **typed)
        while (here := journey.current(STEPS, journey.answers_of(enrolment)).slug) != until:
            journey.record(enrolment, here, answers[here], now=self.now - ago)
        return enrolment

    # What is told ---------------------------------------------------------------------------------------------------

    def news(self) -> None:
        """Two caisses and the whole MSA; a banner that was over this morning, so that no member's page has it."""
        for caisse, days, title, body in NEWS:
            News.objects.create(caisse=caisse, title=title, body=body, published_at=self.now - days * A_DAY)
        started = self.now - 14 * AN_HOUR
        told = "Les paiements ne s'affichent pas ce soir. Ils reviennent demain matin."
        Banner.objects.create(text=told, starts_at=started, ends_at=started + 8 * AN_HOUR)

    def forget_old_mail(self) -> None:
        """What was written before yesterday has left long ago: it does not arrive today."""
        before = Email.objects.filter(created_at__lt=self.now - 2 * A_DAY, sent_at=None)
        before.update(sent_at=self.now - 2 * A_DAY, content=None)


NEWS = (
    ("", 6, "Déclaration de revenus professionnels", "Le service en ligne est ouvert jusqu'à la fin du mois."),
    (
        ALSACE, 3, "Permanence à Sélestat",
        "Un conseiller vous reçoit le mardi matin à la mairie, sans rendez-vous.",
    ),
    (
        ALSACE, 1, "Accueil de Colmar fermé vendredi",
        "Nos bureaux de Colmar sont fermés vendredi après-midi. Le téléphone répond comme d'habitude.",
    ),
    (
        PROVENCE, 2, "Aide après la sécheresse",
        "Vous êtes exploitant et avez perdu une récolte\u00a0? Appelez-nous\u00a0: une aide peut être demandée.",
    ),
)  # fmt: skip


def agent(slug: str) -> Account:
    email = next(each.email for each in AGENTS if each.slug == slug)
    return Account.objects.select_related("agent").get(login_fingerprint=login_of_agent(email))


def member(slug: str) -> Member:
    return Member.objects.get(nir_fingerprint=login_of_nir(neighbour(slug).number))


def account_of(slug: str) -> Account:
    return Account.objects.select_related("member").get(login_fingerprint=login_of_nir(neighbour(slug).number))


def company_account(company: DemoCompany) -> Account:
    return Account.objects.get(login_fingerprint=login_of_siret(company.number))


def identity_of(somebody: Neighbour, subject: str, *, issuer: str) -> FederationIdentity:
    return FederationIdentity(
        issuer=issuer,
        subject=f"demonstration-{somebody.slug}-{subject}",
        given_name=somebody.given_names,
        family_name=somebody.birth_name,
        birthdate=somebody.birth_date,
        gender=somebody.gender,
        birthcountry="99100",
        birthplace=somebody.birth_place,
    )


def answers_of(somebody: Neighbour, **typed: str) -> Mapping[str, Mapping[str, Any]]:
    """What this person answers at each step, as the journey keeps it; no proof succeeds."""
    told = {"birth_name": somebody.birth_name, "given_names": somebody.given_names, "birth_date": somebody.birth_date}
    return {
        "profil": {"profile": "individual"},
        "identifiant": {"nir": somebody.number},
        "munissez-vous": {},
        "coordonnees": {**told, "email": somebody.email, "mobile": "", **typed},
        "verification": {},
        "affiliation": {"health_cover": "yes"},
        "carte-vitale": {"card_kind": "photo"},
        "numero-de-serie": {"unreadable": True},
        "paiement": {"cannot_answer": True},
        "mot-de-passe": {},
    }
