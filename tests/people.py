"""Members of a team: what a role may do is what config.roles says."""

from django.contrib.auth.models import Group, Permission, User


def member(role: str) -> User:
    """Make somebody who has a role."""
    person = User.objects.create_user(role.lower(), is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    return person


def allowed(*permissions: str) -> User:
    """Make somebody who may do just these things, each as its codename."""
    person = User.objects.create_user("somebody", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return person
