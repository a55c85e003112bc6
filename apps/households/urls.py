"""Addresses of households, persons and life events."""

from django.urls import path

from apps.households.views import events, households, people

app_name = "households"

urlpatterns = [
    path("", households.HouseholdList.as_view(), name="household_list"),
    path("new/", households.HouseholdCreate.as_view(), name="household_create"),
    path("<int:pk>/", households.HouseholdDetail.as_view(), name="household_detail"),
    path("<int:pk>/tabs/<slug:name>/", households.HouseholdTab.as_view(), name="household_tab"),
    path("<int:pk>/edit/", households.HouseholdEdit.as_view(), name="household_edit"),
    path("<int:pk>/members/new/", households.MemberCreate.as_view(), name="member_create"),
    path("<int:pk>/head/", households.HeadChange.as_view(), name="household_head"),
    path("<int:pk>/end/", households.HouseholdEnd.as_view(), name="household_end"),
    path("<int:pk>/delete/", households.HouseholdDelete.as_view(), name="household_delete"),
    path("<int:pk>/categories/new/", households.CategoryCreate.as_view(), name="category_create"),
    path("categories/<int:pk>/end/", households.CategoryEnd.as_view(), name="category_end"),
    path("members/<int:pk>/edit/", households.MembershipEdit.as_view(), name="membership_edit"),
    path("people/", people.PersonList.as_view(), name="person_list"),
    path("people/options/", people.PersonOptions.as_view(), name="person_options"),
    path("people/<int:pk>/", people.PersonDetail.as_view(), name="person_detail"),
    path("people/<int:pk>/tabs/<slug:name>/", people.PersonTab.as_view(), name="person_tab"),
    path("people/<int:pk>/edit/", people.PersonEdit.as_view(), name="person_edit"),
    path("people/<int:pk>/numbers/", people.PersonNumbers.as_view(), name="person_numbers"),
    path("people/<int:pk>/unmask/", people.PersonUnmask.as_view(), name="person_unmask"),
    path("people/<int:pk>/delete/", people.PersonDelete.as_view(), name="person_delete"),
    path("people/<int:pk>/parents/new/", people.ParentCreate.as_view(), name="kinship_create"),
    path("kinship/<int:pk>/delete/", people.KinshipDelete.as_view(), name="kinship_delete"),
    path("people/<int:pk>/record/", events.EventChoose.as_view(), name="event_choose"),
    path("people/<int:pk>/record/<slug:kind>/", events.EventCreate.as_view(), name="event_create"),
    path("events/", events.EventList.as_view(), name="event_list"),
    path("events/<int:pk>/delete/", events.EventDelete.as_view(), name="event_delete"),
]
