/** The dashboard's files, served by the gateway itself. */
@NullMarked
package dev.fairlead.app.web;

import org.jspecify.annotations.NullMarked;
