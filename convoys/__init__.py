"""Aid convoys: cargo, routes, movements and receipts."""
