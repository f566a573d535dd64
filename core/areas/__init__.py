"""Administrative areas: files of boundaries and population come in, trees and maps go out."""
