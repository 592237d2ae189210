from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.core.fields import CurrencyField, MoneyField


class Supplier(models.Model):
    name = models.CharField(max_length=150, unique=True)

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """One sellable article, known by its SKU."""

    sku = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    brand = models.CharField(max_length=120, blank=True)
    family = models.CharField(max_length=120, blank=True)
    supplier = models.ForeignKey(Supplier, null=True, blank=True, on_delete=models.SET_NULL)
    list_price = MoneyField(null=True, help_text=_("Recommended price, tax included."))
    currency = CurrencyField()
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True, help_text=_("Percent."))
    weight_g = models.IntegerField(null=True)
    length_mm = models.IntegerField(null=True)
    width_mm = models.IntegerField(null=True)
    height_mm = models.IntegerField(null=True)
    is_kit = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["sku"]

    def __str__(self) -> str:
        return self.sku


class FieldOwner(models.Model):
    """Who says this field of every article; without a row, the ERP."""

    class Owner(models.TextChoices):
        ERP = "erp", _("ERP")
        HUB = "hub", _("Comptoir")

    field = models.CharField(max_length=40, unique=True)
    owner = models.CharField(max_length=3, choices=Owner)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.field}: {self.owner}"


class Barcode(models.Model):
    """An EAN, UPC or ISBN whose check digit is right (python-stdnum)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="barcodes")
    code = models.CharField(max_length=14, unique=True)

    def __str__(self) -> str:
        return self.code


class KitComponent(models.Model):
    """A kit is sold as one article and ships as its components."""

    kit = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="components")
    component = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="kits")
    quantity = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kit", "component"], name="catalog_kit_component_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="catalog_kit_quantity"),
            models.CheckConstraint(
                condition=~models.Q(kit=models.F("component")), name="catalog_kit_not_of_itself"
            ),
        ]


class PurchasePrice(models.Model):
    """What a product cost from a day on, without tax; the newest row is the price of today."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="purchase_prices")
    supplier = models.ForeignKey(Supplier, null=True, on_delete=models.SET_NULL)
    price = MoneyField()
    currency = CurrencyField()
    valid_from = models.DateTimeField()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="catalog_price_not_negative"),
            models.UniqueConstraint(fields=["product", "valid_from"], name="catalog_price_once"),
        ]
