"""What a registration is, when it is granted, and for how long.  Pure: values in, values out."""
