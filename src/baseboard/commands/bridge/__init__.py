"""Commands of the network function Bridge: the Intelligent Chassis Management Bus (ICMB v1.0)."""
