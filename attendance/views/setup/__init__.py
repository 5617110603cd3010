"""Pages on which a beheerder sets up a school or an alliance: the effect of each change is told before it is saved."""
