using System.Diagnostics;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Sdl;

/// <summary>
/// Prints a schema as SDL, in the layout of graphql-js, in the order of <see cref="Schema.Types"/>, and with the applied directives that
/// graphql-js leaves out. What every schema has (built-in scalars, directives, introspection) is not printed.
/// </summary>
public static class SchemaPrinter
{
    public static string Print(Schema schema)
    {
        var parts = new List<string>();
        if (Head(schema) is { } head)
            parts.Add(head);
        parts.AddRange(schema.Directives.Where(static d => !SpecifiedDirectives.IsSpecified(d.Name)).Select(static d => Print(d)));
        parts.AddRange(schema.Types.Where(static t => !Scalars.IsSpecified(t.Name)).Select(static t => Print(t)));
        return string.Join("\n\n", parts) + "\n";
    }

    /// <param name="applied">Whether directives other than @deprecated, @specifiedBy and @oneOf are printed.</param>
    public static string Print(NamedType type, bool applied = true) => Description(type.Description) + type switch
    {
        ScalarType t => $"scalar {t.Name}{SpecifiedBy(t)}{Directives(t.AppliedDirectives, applied)}",
        ObjectType t => $"type {t.Name}{Interfaces(t)}{Directives(t.AppliedDirectives, applied)}{Fields(t, applied)}",
        InterfaceType t => $"interface {t.Name}{Interfaces(t)}{Directives(t.AppliedDirectives, applied)}{Fields(t, applied)}",
        UnionType t => $"union {t.Name}{Directives(t.AppliedDirectives, applied)}{(t.Types.Count == 0 ? "" : " = " + string.Join(" | ", t.Types))}",
        EnumType t => $"enum {t.Name}{Directives(t.AppliedDirectives, applied)}{Values(t, applied)}",
        InputObjectType t => $"input {t.Name}{(t.IsOneOf ? " @oneOf" : "")}{Directives(t.AppliedDirectives, applied)}"
            + Block(t.Fields, static f => f.Description, f => Input(f, applied)),
        _ => throw new UnreachableException(type.GetType().Name),
    };

    public static string Print(DirectiveDefinition directive, bool applied = true) =>
        $"{Description(directive.Description)}directive @{directive.Name}{Arguments(directive.Arguments, "", applied)}{(directive.IsRepeatable ? " repeatable" : "")} on {string.Join(" | ", directive.Locations)}";

    /// <summary>The schema definition; null when it would say only what is usual (section 3.3.1).</summary>
    private static string? Head(Schema schema)
    {
        var usual = schema.QueryType == schema.Type("Query") && schema.MutationType == schema.Type("Mutation")
            && schema.SubscriptionType == schema.Type("Subscription");
        if (usual && schema.Description is null && schema.AppliedDirectives.Count == 0)
            return null;
        var roots = Enum.GetValues<OperationKind>().Where(kind => schema.RootType(kind) is not null)
            .Select(kind => $"  {Printer.Word(kind)}: {schema.RootType(kind)}\n");
        return $"{Description(schema.Description)}schema{Directives(schema.AppliedDirectives, true)} {{\n{string.Concat(roots)}}}";
    }

    private static string SpecifiedBy(ScalarType type) => type.SpecifiedByUrl is { } url ? $" @specifiedBy(url: {Printer.String(url)})" : "";

    private static string Values(EnumType type, bool applied) => Block(type.Values, static v => v.Description,
        v => v.Name + Deprecated(v.DeprecationReason) + Directives(v.AppliedDirectives, applied));

    private static string Interfaces(FieldsType type) => type.Interfaces.Count == 0 ? "" : " implements " + string.Join(" & ", type.Interfaces);

    private static string Fields(FieldsType type, bool applied) => Block(type.Fields, static f => f.Description,
        f => $"{f.Name}{Arguments(f.Arguments, "  ", applied)}: {f.Type}{Deprecated(f.DeprecationReason)}{Directives(f.AppliedDirectives, applied)}");

    private static string Arguments(IReadOnlyList<InputValueDefinition> arguments, string indent, bool applied)
    {
        if (arguments.Count == 0)
            return "";
        return arguments.All(static a => a.Description is null)
            ? $"({string.Join(", ", arguments.Select(a => Input(a, applied)))})"
            : $"(\n{Items(arguments, static a => a.Description, a => Input(a, applied), indent + "  ")}\n{indent})";
    }

    private static string Input(InputValueDefinition input, bool applied)
    {
        var defaultValue = input.DefaultValue is null ? "" : " = " + Printer.Print(input.DefaultValue);
        return $"{input.Name}: {input.Type}{defaultValue}{Deprecated(input.DeprecationReason)}{Directives(input.AppliedDirectives, applied)}";
    }

    private static string Deprecated(string? reason) => reason switch
    {
        null => "",
        SpecifiedDirectives.DefaultDeprecationReason => " @deprecated",
        _ => $" @deprecated(reason: {Printer.String(reason)})",
    };

    private static string Directives(IReadOnlyList<AppliedDirective> directives, bool applied) => !applied ? "" : string.Concat(directives.Select(static d =>
        d.Arguments.Count == 0 ? $" @{d.Name}" : $" @{d.Name}({string.Join(", ", d.Arguments.Select(Printer.Print))})"));

    private static string Block<T>(IReadOnlyList<T> items, Func<T, string?> description, Func<T, string> print) =>
        items.Count == 0 ? "" : $" {{\n{Items(items, description, print, "  ")}\n}}";

    /// <summary>An item with a description has an empty line before it, unless it is the first.</summary>
    private static string Items<T>(IReadOnlyList<T> items, Func<T, string?> description, Func<T, string> print, string indent) =>
        string.Join('\n', items.Select((item, i) =>
    {
        var text = Description(description(item), indent);
        return (text.Length > 0 && i > 0 ? "\n" : "") + text + indent + print(item);
    }));

    private static string Description(string? text, string indent = "")
    {
        if (text is null)
            return "";
        var printed = BlockString.CanHold(text) ? BlockString.Print(text) : Printer.String(text);
        return string.Concat(printed.Split('\n').Select(line => line.Length == 0 ? "\n" : $"{indent}{line}\n"));
    }
}
