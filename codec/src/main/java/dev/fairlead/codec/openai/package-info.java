/** OpenAI's dialects: Chat Completions, legacy completions, embeddings, and Responses. */
@NullMarked
package dev.fairlead.codec.openai;

import org.jspecify.annotations.NullMarked;
