/** OpenAI's Chat Completions as a dialect to translate from and to, with its compatible servers. */
@NullMarked
package dev.fairlead.codec.openai.chat;

import org.jspecify.annotations.NullMarked;
