from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("franceconnect", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="UsedAssertion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "preuve déjà utilisée",
                "verbose_name_plural": "preuves déjà utilisées",
            },
        ),
    ]
