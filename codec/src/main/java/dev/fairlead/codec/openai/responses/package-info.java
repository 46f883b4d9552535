/** OpenAI's Responses, read into the model of prompts and replies and written from it. */
@NullMarked
package dev.fairlead.codec.openai.responses;

import org.jspecify.annotations.NullMarked;
