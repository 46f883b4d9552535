/** Anthropic's Messages to and from the canonical model: prompts, streams and reply documents. */
@NullMarked
package dev.fairlead.codec.anthropic.messages;

import org.jspecify.annotations.NullMarked;
