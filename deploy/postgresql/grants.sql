-- What each role may do; run by msa_owner after every migration (deploy/migrate.py does). Saying it again changes nothing.
GRANT USAGE ON SCHEMA public TO msa_portal, msa_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO msa_portal, msa_worker;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO msa_portal, msa_worker;

-- Nobody but a migration touches these.
REVOKE INSERT, UPDATE, DELETE ON django_migrations, django_content_type, auth_permission FROM msa_portal, msa_worker;

-- The registry is read by pages and changed by the import, which the owner runs; the worker seals it again (rotate_nir_key).
REVOKE INSERT, UPDATE, DELETE ON accounts_member, accounts_affiliation, accounts_vitalecard, accounts_payment
    FROM msa_portal;
REVOKE INSERT, DELETE ON accounts_member, accounts_affiliation, accounts_vitalecard, accounts_payment FROM msa_worker;

-- Keys that sign tokens are made by a command (rotate_oidc_key), and no public half is ever lost.
REVOKE INSERT, UPDATE, DELETE ON franceconnect_signingkey FROM msa_portal;
REVOKE DELETE ON franceconnect_signingkey FROM msa_worker;

-- R21: who answers requests can add a line to the journal and change none. The worker seals (one column) and applies
-- the retention (DELETE); a sealed line taken out before its time shows in verify_journal.
REVOKE UPDATE, DELETE ON accounts_entry FROM msa_portal, msa_worker;
GRANT UPDATE (seal_id) ON accounts_entry TO msa_worker;
GRANT DELETE ON accounts_entry TO msa_worker;
REVOKE INSERT, UPDATE, DELETE ON accounts_journalseal FROM msa_portal, msa_worker;
GRANT INSERT, UPDATE (purged_at) ON accounts_journalseal TO msa_worker;
