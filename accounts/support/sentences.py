"""One French sentence for each line of the journal, as an agent reads it to a caller (issue 5, Support desk 4)."""

from collections.abc import Mapping

from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Entry, Event
from accounts.support.file import acts

SENTENCES: Mapping[str, str] = {
    Event.REGISTRATION_STARTED: "Une inscription a commencé.",
    Event.REGISTRATION_ANSWERED_WRONGLY: "Une réponse à la question d'identité ne correspondait pas.",
    Event.REGISTRATION_IDENTITY_PROVEN: "L'identité a été vérifiée.",
    Event.REGISTRATION_EXISTING_SHOWN: "L'inscription a signalé qu'un compte existe déjà.",
    Event.REGISTRATION_COMPLETED: "L'inscription est terminée.",
    Event.REGISTRATION_REFUSED: "L'inscription est restée sans suite.",
    Event.REGISTRATION_ABANDONED: "L'inscription a été abandonnée.",
    Event.REQUEST_RECEIVED: "Une demande d'inscription a été reçue.",
    Event.REQUEST_ACCEPTED: "Une demande d'inscription a été acceptée.",
    Event.REQUEST_REFUSED: "Une demande d'inscription a été refusée.",
    Event.SIGN_IN_SUCCEEDED: "L'adhérent s'est connecté.",
    Event.SIGN_IN_REFUSED: "Une connexion a été refusée\u00a0: le mot de passe ne correspondait pas.",
    Event.SIGN_IN_DELAYED: "Une connexion a dû attendre, après des essais manqués.",
    Event.SESSION_ENDED: "La session a pris fin.",
    Event.PASSWORD_PERSONALISED: "L'adhérent a choisi son mot de passe.",
    Event.PASSWORD_CHANGED: "L'adhérent a changé de mot de passe.",
    Event.PASSWORD_RESET_ASKED: "Quelqu'un a demandé un nouveau mot de passe («\u00a0mot de passe oublié\u00a0»).",
    Event.PASSWORD_RESET: "L'adhérent a choisi un nouveau mot de passe avec le lien reçu.",
    Event.TEMPORARY_PASSWORD_ISSUED: "Un mot de passe provisoire a été créé.",
    Event.TEMPORARY_PASSWORD_WITHHELD: "Aucun mot de passe provisoire n'a été envoyé\u00a0: limite atteinte ou adresse "
    "manquante.",
    Event.CONTACT_CONFIRMED: "L'adhérent a confirmé ses coordonnées.",
    Event.CONTACT_CHANGED: "Un numéro de téléphone a changé.",
    Event.EMAIL_CHANGE_ASKED: "Un changement d'adresse e-mail a été demandé\u00a0: un lien est parti à la nouvelle.",
    Event.EMAIL_PROVEN: "L'adresse e-mail a été prouvée.",
    Event.EMAIL_CHANGE_UNDONE: "L'ancienne adresse e-mail a annulé un changement.",
    Event.ADDRESS_CHANGE_ASKED: "L'adhérent a demandé un changement d'adresse postale.",
    Event.DELIVERY_CHANGED: "L'adhérent a changé son mode de réception.",
    Event.MESSAGE_SENT: "Un e-mail est parti.",
    Event.MESSAGE_GIVEN_UP: "Un e-mail n'a pas pu partir.",
    Event.LETTERS_PRINTED: "Des courriers ont été imprimés.",
    Event.LETTERS_PRINT_ASKED: "Un conseiller a demandé l'impression de courriers.",
    Event.LETTERS_NOT_REPRINTED: "Des courriers n'ont pas pu être remis de nouveau à l'imprimeur.",
    Event.LETTERS_REPRINTED: "Des courriers ont été remis de nouveau à l'imprimeur.",
    Event.LETTERS_POSTED: "Des courriers ont été postés.",
    Event.LETTER_RETURNED: "Un courrier est revenu.",
    Event.ADDRESS_CLEARED: "Un conseiller a vérifié l'adresse postale\u00a0: elle peut de nouveau servir.",
    Event.DEPARTMENT_ASKED: "L'adhérent a demandé un département.",
    Event.DEPARTMENT_ACCEPTED: "Un conseiller a accepté une demande de département.",
    Event.DEPARTMENT_REFUSED: "Un conseiller a refusé une demande de département.",
    Event.DEPARTMENT_CODE_SENT: "Un code de département est parti par courrier.",
    Event.DEPARTMENT_CODE_WITHHELD: "Un code de département attend de pouvoir partir.",
    Event.DEPARTMENT_CODE_REFUSED: "Un code de département a été refusé.",
    Event.DEPARTMENT_OPENED: "Un département a été ouvert.",
    Event.DEPARTMENT_CLOSED: "Un département a été fermé.",
    Event.DEPARTMENT_REMINDED: "L'adhérent a reçu un rappel\u00a0: son code de département n'a pas servi.",
    Event.SERVICE_SIGN_IN: "L'adhérent s'est connecté à un service avec son compte MSA.",
    Event.FEDERATION_SIGN_IN: "Le compte MSA a servi à une connexion par FranceConnect.",
    Event.FRANCECONNECT_RETURNED: "Une connexion par FranceConnect n'a pas abouti.",
    Event.FRANCECONNECT_NOT_MATCHED: "L'identité venue de FranceConnect n'a pas été rapprochée d'un adhérent.",
    Event.FRANCECONNECT_LINKED: "Le compte a été associé à FranceConnect.",
    Event.FRANCECONNECT_UNLINKED: "Le compte a été dissocié de FranceConnect.",
    Event.FRANCECONNECT_CONFLICT: "Une association à FranceConnect est en conflit avec une autre.",
    Event.FRANCECONNECT_DIFFERS: "L'identité de FranceConnect n'est pas tout à fait celle du référentiel.",
    Event.FRANCECONNECT_SIGNED_OUT: "L'adhérent s'est déconnecté de FranceConnect.",
    Event.SIGN_IN_DISPUTED: "L'adhérent a signalé «\u00a0Ce n'est pas moi\u00a0»\u00a0: tous les accès ont été fermés.",
    Event.CONSENT_GIVEN: "L'adhérent a autorisé un service à connaître ses données.",
    Event.CONSENT_WITHDRAWN: "L'adhérent a retiré son autorisation à un service.",
    Event.CODE_REPLAYED: "Un service a présenté deux fois le même code\u00a0: l'accès a été repris.",
    Event.CLIENT_REGISTERED: "Un service connecté a été enregistré.",
    Event.CLIENT_CHANGED: "Un service connecté a été modifié.",
    Event.CLIENT_SECRET_ROTATED: "Le secret d'un service a été renouvelé.",
    Event.CLIENT_SECRET_RETIRED: "L'ancien secret d'un service a été retiré.",
    Event.SIGNING_KEY_CHANGED: "La clé de signature a été remplacée.",
    Event.REGISTRY_IMPORTED: "Le référentiel a été importé.",
    Event.SUPPORT_REFUSED: "Une page de l'assistance a été refusée.",
    Event.SUPPORT_SEARCHED: "Un conseiller a cherché un adhérent.",
    Event.SUPPORT_FILE_OPENED: "Un conseiller a ouvert ce dossier.",
    Event.SUPPORT_NIR_SHOWN: "Un conseiller a affiché le numéro de Sécurité sociale en entier.",
    Event.SUPPORT_ACT: "Un conseiller est intervenu.",
    Event.REGISTRATION_ASSISTED: "Un conseiller a suivi une inscription au téléphone.",
    Event.REGISTRATION_SENT_TO_POST: "Un conseiller a fait passer une inscription au courrier.",
    Event.ADDRESS_CHANGE_DECIDED: "Un conseiller a traité un changement d'adresse postale.",
    Event.FRANCECONNECT_CONFLICT_DECIDED: "Un conseiller a traité un conflit d'association à FranceConnect.",
    Event.NEWS_CHANGED: "Une actualité a été modifiée.",
    Event.BANNER_CHANGED: "Un bandeau a été modifié.",
    Event.LIMIT_CHANGED: "Une limite a été changée.",
    Event.JOURNAL_EXPORTED: "Le journal a été exporté.",
    Event.JOURNAL_CHECK_ASKED: "Une vérification du journal a été demandée.",
    Event.JOURNAL_CHECKED: "Le journal a été vérifié.",
    Event.AGENT_ADDED: "Un conseiller a été ajouté.",
    Event.AGENT_CHANGED: "Le rôle d'un conseiller a changé.",
    Event.AGENT_LEFT: "Un conseiller est parti.",
    Event.AGENT_LINK_SENT: "Un lien de première connexion est parti à un conseiller.",
    Event.AGENT_SET_UP: "L'accès d'un conseiller est prêt.",
    Event.AGENT_PASSWORD_CHANGED: "Un conseiller a changé son mot de passe.",
    Event.AGENT_CODES_RENEWED: "Un conseiller a renouvelé ses codes de secours.",
    Event.AGENT_PHONE_CHANGED: "Un conseiller a relié un autre téléphone.",
    Event.AGENT_ACCESS_REFUSED: "Dans «\u00a0Mon accès\u00a0», le mot de passe ou le code d'un conseiller ne "
    "correspondait pas.",
    Event.AGENT_RECOVERED: "Un conseiller a utilisé un code de secours.",
}

# The same, more exactly, by one code of the detail.
MORE_EXACTLY: Mapping[tuple[str, str], Mapping[str, str]] = {
    (Event.SIGN_IN_SUCCEEDED, "how"): {
        "pwd": "L'adhérent s'est connecté avec son mot de passe.",
        "temporary": "L'adhérent s'est connecté avec un mot de passe provisoire.",
        "franceconnect": "L'adhérent s'est connecté avec FranceConnect.",
        "department_code": "L'adhérent s'est connecté avec le code d'un département.",
    },
    (Event.SESSION_ENDED, "reason"): {
        "asked": "L'adhérent s'est déconnecté.",
        "idle": "La session s'est fermée après 30\u00a0minutes sans activité.",
    },
    (Event.TEMPORARY_PASSWORD_ISSUED, "channel"): {
        "email": "Un mot de passe provisoire est parti par e-mail.",
        "post": "Un mot de passe provisoire est parti par courrier.",
    },
    (Event.PASSWORD_RESET_ASKED, "outcome"): {
        "email": "Quelqu'un a demandé un nouveau mot de passe\u00a0: un lien est parti par e-mail.",
        "post": "Quelqu'un a demandé un nouveau mot de passe\u00a0: un courrier est parti.",
    },
    (Event.FRANCECONNECT_UNLINKED, "by"): {
        "member": "L'adhérent a dissocié son compte de FranceConnect.",
        "support": "Un conseiller a dissocié le compte de FranceConnect.",
    },
}


def of(entry: Entry) -> str:
    """What this line says; a line from before its event had a sentence says its name."""
    detail = entry.detail
    if entry.event == Event.SUPPORT_ACT and (act := acts.find(str(detail.get("verb", "")))):
        return act.past
    for (event, name), sentences in MORE_EXACTLY.items():
        if entry.event == event and (exact := sentences.get(str(detail.get(name, "")))):
            return exact
    sentence = SENTENCES.get(entry.event, f"{entry.event}.")
    place = DEPARTMENTS.get(str(detail.get("department", "")))
    return f"{sentence[:-1]} ({place.label})." if place else sentence
