package dev.fairlead.core.reply;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Where a piece of a reply's text comes from.
 *
 * @param url of a web page, or null for a citation of a document
 * @param title of page or document, or null
 * @param citedText the words cited, or null
 * @param start first character of the reply's text it belongs to, counted in the text part, or -1
 * @param end behind its last character, or -1
 * @param origin the dialect of {@code raw}
 * @param raw the whole citation as it stood, for the same dialect
 */
public record Citation(
    @Nullable String url,
    @Nullable String title,
    @Nullable String citedText,
    int start,
    int end,
    Dialect origin,
    Bytes raw) {}
