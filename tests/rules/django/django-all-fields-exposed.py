from django import forms
from django.forms import ModelForm
from rest_framework import serializers
from rest_framework.serializers import ModelSerializer

from shop.models import User


class UserForm(ModelForm):
    class Meta:
        model = User
        fields = "__all__"  # finding


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = "__all__"  # finding


class StaffForm(forms.ModelForm):
    class Meta:
        model = User
        exclude = ()  # finding


class NamedForm(ModelForm):
    class Meta:
        model = User
        fields = ["name", "email"]


class NamedSerializer(ModelSerializer):
    class Meta:
        model = User
        exclude = ["is_staff", "password"]


class Table:
    class Meta:
        fields = "__all__"
