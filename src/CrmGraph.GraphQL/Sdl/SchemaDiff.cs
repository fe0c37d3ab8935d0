using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Sdl;

/// <summary>What a change means for clients: operations that worked fail; they may behave otherwise; nothing.</summary>
public enum ChangeSeverity
{
    Breaking,
    Dangerous,
    Safe,
}

/// <summary>One change between two schemas.</summary>
/// <param name="Kind">Named as in graphql-js: <c>FIELD_REMOVED</c>.</param>
public sealed record SchemaChange(ChangeSeverity Severity, string Kind, string Message);

/// <summary>Finds what changed from one schema to the next, with the kinds and the judgement of graphql-js.</summary>
public sealed class SchemaDiff
{
    private readonly List<SchemaChange> _changes = [];

    private SchemaDiff() { }

    /// <returns>Breaking changes first, then dangerous, then safe ones.</returns>
    public static IReadOnlyList<SchemaChange> Between(Schema before, Schema after)
    {
        var diff = new SchemaDiff();
        Compare(before.Types, after.Types, static t => t.Name,
            t => diff.Breaking("TYPE_REMOVED", $"Type \"{t}\" was removed."),
            t => diff.Safe("TYPE_ADDED", $"Type \"{t}\" was added."),
            diff.Type);
        Compare(before.Directives, after.Directives, static d => d.Name,
            d => diff.Breaking("DIRECTIVE_REMOVED", $"Directive \"@{d.Name}\" was removed."),
            d => diff.Safe("DIRECTIVE_ADDED", $"Directive \"@{d.Name}\" was added."),
            diff.Directive);
        return [.. diff._changes.OrderBy(static c => c.Severity)];
    }

    private void Type(NamedType before, NamedType after)
    {
        Description($"Type \"{before}\"", before.Description, after.Description);
        switch (before, after)
        {
            case (EnumType b, EnumType a): Enum(b, a); break;
            case (UnionType b, UnionType a):
                Compare(b.MemberNames, a.MemberNames, static t => t,
                    t => Breaking("TYPE_REMOVED_FROM_UNION", $"Type \"{t}\" was removed from union \"{b}\"."),
                    t => Dangerous("TYPE_ADDED_TO_UNION", $"Type \"{t}\" was added to union \"{b}\"."), null);
                break;
            case (InputObjectType b, InputObjectType a): InputObject(b, a); break;
            case (FieldsType b, FieldsType a) when b.GetType() == a.GetType(): Fields(b, a); break;
            case var _ when before.GetType() != after.GetType():
                Breaking("TYPE_CHANGED_KIND", $"\"{before}\" changed from {KindName(before)} to {KindName(after)}.");
                break;
        }
    }

    private static string KindName(NamedType type) => type switch
    {
        ScalarType => "a scalar",
        ObjectType => "an object type",
        InterfaceType => "an interface",
        UnionType => "a union",
        EnumType => "an enum",
        _ => "an input object",
    };

    private void Enum(EnumType before, EnumType after) => Compare(before.Values, after.Values, static v => v.Name,
        v => Breaking("VALUE_REMOVED_FROM_ENUM", $"Value \"{before}.{v.Name}\" was removed."),
        v => Dangerous("VALUE_ADDED_TO_ENUM", $"Value \"{before}.{v.Name}\" was added."),
        (b, a) => Description($"Value \"{before}.{b.Name}\"", b.Description, a.Description));

    private void InputObject(InputObjectType before, InputObjectType after)
    {
        if (!before.IsOneOf && after.IsOneOf)
            Breaking("INPUT_OBJECT_BECAME_ONE_OF", $"Input object \"{before}\" takes exactly one field now.");
        Compare(before.Fields, after.Fields, static f => f.Name,
            f => Breaking("FIELD_REMOVED", $"Field \"{before}.{f.Name}\" was removed."),
            f =>
            {
                if (f.IsRequired)
                    Breaking("REQUIRED_INPUT_FIELD_ADDED", $"The required field \"{before}.{f.Name}\" was added.");
                else
                    Dangerous("OPTIONAL_INPUT_FIELD_ADDED", $"The optional field \"{before}.{f.Name}\" was added.");
            },
            (b, a) => Input($"{before}.{b.Name}", b, a, "FIELD_CHANGED_KIND", "INPUT_FIELD"));
    }

    private void Fields(FieldsType before, FieldsType after)
    {
        Compare(before.Fields, after.Fields, static f => f.Name,
            f => Breaking("FIELD_REMOVED", $"Field \"{before}.{f.Name}\" was removed."),
            f => Safe("FIELD_ADDED", $"Field \"{before}.{f.Name}\" was added."),
            (b, a) => Field($"{before}.{b.Name}", b, a));
        Compare(before.InterfaceNames, after.InterfaceNames, static i => i,
            i => Breaking("IMPLEMENTED_INTERFACE_REMOVED", $"\"{before}\" no longer implements \"{i}\"."),
            i => Dangerous("IMPLEMENTED_INTERFACE_ADDED", $"\"{before}\" implements \"{i}\" now."), null);
    }

    private void Field(string name, FieldDefinition before, FieldDefinition after)
    {
        Arguments(name, before.Arguments, after.Arguments, "ARG_REMOVED", "REQUIRED_ARG_ADDED", "OPTIONAL_ARG_ADDED", ChangeSeverity.Dangerous);
        if (!IsSafeOutput(before.Type, after.Type))
            Breaking("FIELD_CHANGED_KIND", $"Field \"{name}\" changed its type from \"{before.Type}\" to \"{after.Type}\".");
        else if (before.Type.ToString() != after.Type.ToString())
            Safe("FIELD_CHANGED_KIND_SAFE", $"Field \"{name}\" changed its type from \"{before.Type}\" to \"{after.Type}\".");
        Description($"Field \"{name}\"", before.Description, after.Description);
    }

    private void Arguments(
        string owner,
        IReadOnlyList<InputValueDefinition> before,
        IReadOnlyList<InputValueDefinition> after,
        string removed,
        string required,
        string optional,
        ChangeSeverity optionalSeverity) =>
        Compare(before, after, static a => a.Name,
            a => Breaking(removed, $"Argument \"{owner}({a.Name}:)\" was removed."),
            a => Add(
                a.IsRequired ? ChangeSeverity.Breaking : optionalSeverity,
                a.IsRequired ? required : optional,
                $"The {(a.IsRequired ? "required" : "optional")} argument \"{owner}({a.Name}:)\" was added."),
            (b, a) => Input($"{owner}({b.Name}:)", b, a, "ARG_CHANGED_KIND", "ARG"));

    private void Input(string name, InputValueDefinition before, InputValueDefinition after, string changedKind, string prefix)
    {
        var (was, now) = (Default(before), Default(after));
        if (!IsSafeInput(before.Type, after.Type))
            Breaking(changedKind, $"\"{name}\" changed its type from \"{before.Type}\" to \"{after.Type}\".");
        else if (was is not null && was != now)
            Dangerous(
                $"{prefix}_DEFAULT_VALUE_CHANGE",
                now is null ? $"\"{name}\" lost its default {was}." : $"\"{name}\" changed its default from {was} to {now}.");
        else if (was is null && now is not null)
            Safe($"{prefix}_DEFAULT_VALUE_ADDED", $"\"{name}\" got the default {now}.");
        else if (was is null && before.Type.ToString() != after.Type.ToString())
            Safe($"{changedKind}_SAFE", $"\"{name}\" changed its type from \"{before.Type}\" to \"{after.Type}\".");
        Description($"\"{name}\"", before.Description, after.Description);
    }

    private void Directive(DirectiveDefinition before, DirectiveDefinition after)
    {
        var name = "@" + before.Name;
        Arguments(
            name,
            before.Arguments,
            after.Arguments,
            "DIRECTIVE_ARG_REMOVED",
            "REQUIRED_DIRECTIVE_ARG_ADDED",
            "OPTIONAL_DIRECTIVE_ARG_ADDED",
            ChangeSeverity.Safe);
        if (before.IsRepeatable && !after.IsRepeatable)
            Breaking("DIRECTIVE_REPEATABLE_REMOVED", $"Directive \"{name}\" is no longer repeatable.");
        else if (after.IsRepeatable && !before.IsRepeatable)
            Safe("DIRECTIVE_REPEATABLE_ADDED", $"Directive \"{name}\" is repeatable now.");
        Description($"Directive \"{name}\"", before.Description, after.Description);
        Compare(before.Locations, after.Locations, static l => l,
            l => Breaking("DIRECTIVE_LOCATION_REMOVED", $"Directive \"{name}\" can no longer stand on {l}."),
            l => Safe("DIRECTIVE_LOCATION_ADDED", $"Directive \"{name}\" can stand on {l} now."), null);
    }

    private void Description(string what, string? before, string? after)
    {
        if (before != after)
            Safe("DESCRIPTION_CHANGED", $"{what} has another description.");
    }

    /// <summary>The default with the fields of its objects sorted: their order means nothing.</summary>
    private static string? Default(InputValueDefinition input) => input.DefaultValue is null ? null : Printer.Print(Sorted(input.DefaultValue));

    private static ValueNode Sorted(ValueNode node) => node switch
    {
        ListValueNode n => new ListValueNode([.. n.Values.Select(Sorted)]),
        ObjectValueNode n => new ObjectValueNode(
            [.. n.Fields.OrderBy(static f => f.Name.Value, StringComparer.Ordinal).Select(static f => new ObjectFieldNode(f.Name, Sorted(f.Value)))]),
        _ => node,
    };

    /// <summary>Output may become narrower: what was nullable may become non-null.</summary>
    private static bool IsSafeOutput(GraphQLType before, GraphQLType after) => (before, after) switch
    {
        (NonNullType b, NonNullType a) => IsSafeOutput(b.OfType, a.OfType),
        (NonNullType, _) => false,
        (_, NonNullType a) => IsSafeOutput(before, a.OfType),
        (ListType b, ListType a) => IsSafeOutput(b.OfType, a.OfType),
        (NamedType b, NamedType a) => b.Name == a.Name,
        _ => false,
    };

    /// <summary>Input may become wider: what was non-null may become nullable.</summary>
    private static bool IsSafeInput(GraphQLType before, GraphQLType after) => (before, after) switch
    {
        (NonNullType b, NonNullType a) => IsSafeInput(b.OfType, a.OfType),
        (NonNullType b, _) => IsSafeInput(b.OfType, after),
        (ListType b, ListType a) => IsSafeInput(b.OfType, a.OfType),
        (NamedType b, NamedType a) => b.Name == a.Name,
        _ => false,
    };

    private static void Compare<T>(
        IReadOnlyList<T> before,
        IReadOnlyList<T> after,
        Func<T, string> nameOf,
        Action<T> removed,
        Action<T> added,
        Action<T, T>? kept)
    {
        var was = ByName(before, nameOf);
        var now = ByName(after, nameOf);
        foreach (var item in before)
            if (!now.TryGetValue(nameOf(item), out var other))
                removed(item);
            else
                kept?.Invoke(item, other);
        foreach (var item in after)
            if (!was.ContainsKey(nameOf(item)))
                added(item);
    }

    /// <summary>Of schemas that were not checked names may be doubled; the last one counts.</summary>
    private static Dictionary<string, T> ByName<T>(IReadOnlyList<T> items, Func<T, string> nameOf)
    {
        var map = new Dictionary<string, T>(items.Count, StringComparer.Ordinal);
        foreach (var item in items)
            map[nameOf(item)] = item;
        return map;
    }

    private void Breaking(string kind, string message) => Add(ChangeSeverity.Breaking, kind, message);

    private void Dangerous(string kind, string message) => Add(ChangeSeverity.Dangerous, kind, message);

    private void Safe(string kind, string message) => Add(ChangeSeverity.Safe, kind, message);

    private void Add(ChangeSeverity severity, string kind, string message) => _changes.Add(new(severity, kind, message));
}
