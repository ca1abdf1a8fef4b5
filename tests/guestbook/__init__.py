"""An example app that joins the portal by settings alone: `tables` has its entries for each registry."""
