package dev.fairlead.app.config;

import dev.fairlead.app.config.Linked.Flaw;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.app.config.shape.ShapeCheck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The client section as the database has it; there is at most one. */
final class StoredClient {
  static final String KIND = "client_config";
  static final String ID = "client";
  private static final String SECTION = "client";

  private StoredClient() {}

  /** {@code root} with the section of the database where the file has none. */
  static Json.Obj into(
      Json.Obj root, ConfigReader.Beside beside, Findings findings, List<Flaw> flaws) {
    StoredEntities.Entry entry = beside.stored().find(KIND, ID);
    if (entry == null) {
      return root;
    }
    Site site = new Site(KIND, ID, "", 0, 0, true);
    if (root.get(SECTION) instanceof Json.Obj file && !file.members().isEmpty()) {
      if (beside.first()) {
        findings.problem(
            file,
            SECTION,
            "stands in the database too; remove the section here, or the one in the database");
      } else {
        flaws.add(new Flaw(site, "", "config.json has this section too, which counts", true));
      }
      return root;
    }
    List<Problem> problems = new ArrayList<>();
    Json tree = JsonReader.read(entry.document().json().getBytes(StandardCharsets.UTF_8), problems);
    if (tree != null) {
      ShapeCheck.of(tree, ConfigFields.CLIENT, problems);
    }
    if (!problems.isEmpty() || tree == null) {
      flaws.add(
          new Flaw(site, "", problems.isEmpty() ? "is empty" : problems.getFirst().text(), true));
      return root;
    }
    Map<String, Json> members = new LinkedHashMap<>(root.members());
    members.put(SECTION, tree);
    return new Json.Obj(members, root.line(), root.column());
  }
}
