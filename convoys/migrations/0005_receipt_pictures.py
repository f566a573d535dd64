"""What is known of a receipt's pictures; no row had been written before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("convoys", "0004_series")]

    operations = [
        migrations.AlterModelOptions(
            name="receiptphoto", options={"ordering": ("kind", "recorded_at", "pk")}
        ),
        migrations.AddField(
            model_name="receiptphoto",
            name="kind",
            field=models.CharField(
                choices=[("photo", "Photo"), ("signature", "Signature")],
                default="photo",
                max_length=10,
                verbose_name="kind",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="receiptphoto",
            name="name",
            field=models.CharField(default="", max_length=100, verbose_name="file name"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="receiptphoto",
            name="content_type",
            field=models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="receiptphoto",
            name="size",
            field=models.PositiveIntegerField(default=0, verbose_name="size"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="receiptphoto",
            name="file",
            field=models.FileField(max_length=200, upload_to=""),
        ),
        migrations.AddConstraint(
            model_name="receiptphoto",
            constraint=models.UniqueConstraint(
                fields=("receipt", "name"), name="receipt_photo_once"
            ),
        ),
    ]
