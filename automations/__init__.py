"""Automations over recurring payments: triggers, steps, enrolments and campaigns."""
