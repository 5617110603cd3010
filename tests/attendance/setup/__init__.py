"""Tests of the pages on which a beheerder sets up a school or an alliance."""
