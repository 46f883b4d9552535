/** Anthropic's dialect: Messages and its token counting. */
@NullMarked
package dev.fairlead.codec.anthropic;

import org.jspecify.annotations.NullMarked;
