/** The dialect of Anthropic's Messages API. */
@NullMarked
package dev.fairlead.codec.anthropic;

import org.jspecify.annotations.NullMarked;
