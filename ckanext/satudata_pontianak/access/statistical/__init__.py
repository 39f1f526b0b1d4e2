"""Statistical activities (MS-Keg, BPS 5/2020): by which work the data of an agency come about."""
