"""The journal: what happened, as codes and never as messages, without personal data (R21)."""

from typing import Any

from django.db import models
from django.db.models.fields.json import KeyTransform


class Event(models.TextChoices):
    """Everything that is worth a line, "subject:action", in the past tense."""

    REGISTRATION_STARTED = "registration:started", "inscription commencée"
    REGISTRATION_ANSWERED_WRONGLY = "registration:answered_wrongly", "réponse d'identité fausse"
    REGISTRATION_IDENTITY_PROVEN = "registration:identity_proven", "identité vérifiée"
    REGISTRATION_EXISTING_SHOWN = "registration:existing_shown", "compte existant signalé"
    REGISTRATION_COMPLETED = "registration:completed", "inscription terminée"
    REGISTRATION_REFUSED = "registration:refused", "inscription sans suite"
    REGISTRATION_ABANDONED = "registration:abandoned", "inscription abandonnée"
    REGISTRATION_ASSISTED = "registration:assisted", "inscription suivie au téléphone"
    REGISTRATION_SENT_TO_POST = "registration:sent_to_post", "inscription passée au courrier par un conseiller"
    REQUEST_RECEIVED = "request:received", "demande d'inscription reçue"
    REQUEST_ACCEPTED = "request:accepted", "demande d'inscription acceptée"
    REQUEST_REFUSED = "request:refused", "demande d'inscription refusée"
    SIGN_IN_SUCCEEDED = "sign_in:succeeded", "connexion"
    SIGN_IN_REFUSED = "sign_in:refused", "connexion refusée"
    SIGN_IN_DELAYED = "sign_in:delayed", "connexion retardée"
    SESSION_ENDED = "session:ended", "déconnexion"
    PASSWORD_PERSONALISED = "password:personalised", "mot de passe personnalisé"
    PASSWORD_CHANGED = "password:changed", "mot de passe modifié"
    PASSWORD_RESET_ASKED = "password:reset_asked", "mot de passe oublié"
    PASSWORD_RESET = "password:reset", "mot de passe réinitialisé"
    TEMPORARY_PASSWORD_ISSUED = "temporary_password:issued", "mot de passe provisoire créé"
    TEMPORARY_PASSWORD_WITHHELD = "temporary_password:withheld", "mot de passe provisoire non renvoyé"
    CONTACT_CONFIRMED = "contact:confirmed", "coordonnées confirmées"
    CONTACT_CHANGED = "contact:changed", "coordonnées modifiées"
    EMAIL_CHANGE_ASKED = "email:change_asked", "changement d'e-mail demandé"
    EMAIL_PROVEN = "email:proven", "adresse e-mail prouvée"
    EMAIL_CHANGE_UNDONE = "email:change_undone", "changement d'e-mail annulé"
    ADDRESS_CHANGE_ASKED = "address:change_asked", "changement d'adresse demandé"
    ADDRESS_CHANGE_DECIDED = "address:change_decided", "changement d'adresse traité"
    DELIVERY_CHANGED = "delivery:changed", "mode de réception modifié"
    MESSAGE_SENT = "message:sent", "message envoyé"
    MESSAGE_GIVEN_UP = "message:given_up", "message abandonné"
    LETTERS_PRINTED = "letters:printed", "courriers imprimés"
    LETTERS_PRINT_ASKED = "letters:print_asked", "lots de courriers demandés à l'assistance"
    LETTERS_NOT_REPRINTED = "letters:not_reprinted", "lot de courriers qui n'a pas pu être remis de nouveau"
    LETTERS_REPRINTED = "letters:reprinted", "courriers remis de nouveau à l'imprimeur"
    LETTERS_POSTED = "letters:posted", "courriers postés"
    LETTER_RETURNED = "letter:returned", "courrier revenu"
    ADDRESS_CLEARED = "address:cleared", "adresse de nouveau utilisable"
    DEPARTMENT_ASKED = "department:asked", "département demandé"
    DEPARTMENT_ACCEPTED = "department:accepted", "demande de département acceptée"
    DEPARTMENT_REFUSED = "department:refused", "demande de département refusée"
    DEPARTMENT_CODE_SENT = "department:code_sent", "code d'un département créé"
    DEPARTMENT_CODE_WITHHELD = "department:code_withheld", "code d'un département en attente d'envoi"
    DEPARTMENT_CODE_REFUSED = "department:code_refused", "code d'un département refusé"
    DEPARTMENT_OPENED = "department:opened", "département ouvert"
    DEPARTMENT_CLOSED = "department:closed", "département fermé"
    DEPARTMENT_REMINDED = "department:reminded", "code d'un département non utilisé"
    SERVICE_SIGN_IN = "service:signed_in", "connexion à un service"
    FEDERATION_SIGN_IN = "federation:signed_in", "connexion avec FranceConnect"
    FRANCECONNECT_RETURNED = "franceconnect:returned_with_problem", "retour de FranceConnect sans connexion"
    FRANCECONNECT_NOT_MATCHED = "franceconnect:not_matched", "identité FranceConnect non rapprochée"
    FRANCECONNECT_LINKED = "franceconnect:linked", "compte associé à FranceConnect"
    FRANCECONNECT_UNLINKED = "franceconnect:unlinked", "compte dissocié de FranceConnect"
    FRANCECONNECT_CONFLICT = "franceconnect:conflict", "association FranceConnect en conflit"
    FRANCECONNECT_CONFLICT_DECIDED = "franceconnect:conflict_decided", "conflit d'association traité"
    FRANCECONNECT_DIFFERS = "franceconnect:differs", "identité FranceConnect différente du référentiel"
    FRANCECONNECT_SIGNED_OUT = "franceconnect:signed_out", "déconnexion de FranceConnect"
    SIGN_IN_DISPUTED = "sign_in:disputed", "connexion contestée"
    CONSENT_GIVEN = "consent:given", "autorisation donnée à un service"
    CONSENT_WITHDRAWN = "consent:withdrawn", "autorisation retirée à un service"
    CODE_REPLAYED = "service:code_replayed", "code d'un service présenté deux fois"
    CLIENT_REGISTERED = "client:registered", "service connecté enregistré"
    CLIENT_CHANGED = "client:changed", "service connecté modifié"
    CLIENT_SECRET_ROTATED = "client:secret_rotated", "secret d'un service renouvelé"
    CLIENT_SECRET_RETIRED = "client:secret_retired", "ancien secret d'un service retiré"
    SIGNING_KEY_CHANGED = "signing_key:changed", "clé de signature remplacée"
    REGISTRY_IMPORTED = "registry:imported", "référentiel importé"
    SUPPORT_REFUSED = "support:refused", "page de l'assistance refusée"
    SUPPORT_SEARCHED = "support:searched", "recherche d'un adhérent à l'assistance"
    SUPPORT_FILE_OPENED = "support:file_opened", "dossier ouvert par un conseiller"
    SUPPORT_NIR_SHOWN = "support:nir_shown", "numéro complet affiché à un conseiller"
    SUPPORT_ACT = "support:act", "intervention d'un conseiller"
    NEWS_CHANGED = "news:changed", "actualité modifiée"
    BANNER_CHANGED = "banner:changed", "bandeau modifié"
    LIMIT_CHANGED = "limit:changed", "limite changée"
    JOURNAL_EXPORTED = "journal:exported", "journal exporté"
    JOURNAL_CHECK_ASKED = "journal:check_asked", "vérification du journal demandée"
    JOURNAL_CHECKED = "journal:checked", "journal vérifié"
    AGENT_ADDED = "agent:added", "conseiller ajouté"
    AGENT_CHANGED = "agent:changed", "rôle d'un conseiller modifié"
    AGENT_LEFT = "agent:left", "départ d'un conseiller"
    AGENT_LINK_SENT = "agent:link_sent", "lien de première connexion envoyé à un conseiller"
    AGENT_SET_UP = "agent:set_up", "accès d'un conseiller prêt"
    AGENT_PASSWORD_CHANGED = "agent:password_changed", "mot de passe d'un conseiller modifié"
    AGENT_CODES_RENEWED = "agent:codes_renewed", "codes de secours d'un conseiller renouvelés"
    AGENT_PHONE_CHANGED = "agent:phone_changed", "téléphone d'un conseiller remplacé"
    AGENT_ACCESS_REFUSED = "agent:access_refused", "preuve refusée à un conseiller dans Mon accès"
    AGENT_RECOVERED = "agent:recovered", "code de secours d'un conseiller utilisé"


class AppendOnly(Exception):
    """Somebody tried to change or remove what the journal says."""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reading only; sealing and the retention rule have a door of their own in accounts.journal."""

    def update(self, **kwargs: Any) -> int:
        raise AppendOnly

    def delete(self) -> Any:
        raise AppendOnly


class Entry(models.Model):
    """One line of the journal."""

    at = models.DateTimeField(db_index=True)
    # An Event; not among the column's choices, for the list grows and the column does not care.
    event = models.CharField(max_length=40)
    # Identifiers, not relations: the journal outlives what it speaks of.
    account = models.UUIDField(null=True)
    enrolment = models.UUIDField(null=True)
    request_id = models.CharField(max_length=32, blank=True)
    network = models.CharField(max_length=16, blank=True)
    detail = models.JSONField(default=dict)
    seal = models.ForeignKey("JournalSeal", null=True, on_delete=models.PROTECT, related_name="entries")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        indexes = [
            models.Index(fields=["account", "-at"], name="journal_of_an_account"),
            models.Index(fields=["id"], name="entries_to_seal", condition=models.Q(seal__isnull=True)),
            # The newest first in each: a planner that knows little of codes and rare events walks along nothing else.
            models.Index(
                KeyTransform("reference", "detail"),
                models.F("id").desc(),
                name="sign_ins_by_reference",
                condition=models.Q(event="federation:signed_in"),
            ),
            # What the desk asks: one kind of event over some days, one page's reference, what one agent did.
            models.Index(fields=["event", "-at", "-id"], name="journal_by_event"),
            models.Index(fields=["request_id"], name="journal_of_a_request", condition=~models.Q(request_id="")),
            models.Index(
                KeyTransform("by", "detail"),
                models.F("at").desc(),
                name="journal_of_an_agent",
                condition=models.Q(detail__has_key="by"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly


class JournalSeal(models.Model):
    """A batch of entries, chained to the batch before: a gap or a change shows."""

    created_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    entries_digest = models.BinaryField(max_length=32)
    chain_digest = models.BinaryField(max_length=32)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "scellé du journal"

    def __str__(self) -> str:
        return f"scellé {self.pk}"
