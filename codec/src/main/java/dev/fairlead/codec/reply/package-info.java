/**
 * Reading provider replies as they pass, in every dialect: what is forwarded, what is noted, what
 * is kept.
 */
@NullMarked
package dev.fairlead.codec.reply;

import org.jspecify.annotations.NullMarked;
