/** The dialects of OpenAI's API: Chat Completions, Responses, legacy completions and embeddings. */
@NullMarked
package dev.fairlead.codec.openai;

import org.jspecify.annotations.NullMarked;
