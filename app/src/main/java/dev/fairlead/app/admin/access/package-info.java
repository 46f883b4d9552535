/** Who calls the control API: passwords, sessions, tokens, and what keeps guessers out. */
@NullMarked
package dev.fairlead.app.admin.access;

import org.jspecify.annotations.NullMarked;
