/** The control API: who may call it, what it answers, and what is noted of it. */
@NullMarked
package dev.fairlead.app.admin;

import org.jspecify.annotations.NullMarked;
