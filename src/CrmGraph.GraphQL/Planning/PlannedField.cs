using System.Text.Encodings.Web;
using System.Text.Json;
using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Planning;

/// <summary>A field of an object selection: all field nodes with one response name, merged.</summary>
internal sealed class PlannedField
{
    private readonly IReadOnlyDictionary<string, object?>? _constantArguments;
    private Dictionary<object, JsonEncodedText>? _enumNames;
    private byte[][]? _enumTexts;

    public PlannedField(PlanVariant variant, ObjectType parent, FieldDefinition definition, IReadOnlyList<FieldNode> nodes)
    {
        ParentType = parent;
        Definition = definition;
        Nodes = nodes;
        ResponseName = nodes[0].ResponseName;
        Key = JsonEncodedText.Encode(ResponseName, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        IsTypename = ReferenceEquals(definition, Introspection.TypenameField);
        ParentTypeName = JsonEncodedText.Encode(parent.Name);
        if (definition.Type.Named is CompositeType composite)
            Selection = new Selection(variant, composite, [.. nodes.Where(n => n.SelectionSet is not null).Select(n => n.SelectionSet!)]);
        if (definition.Arguments.All(a => a.Type.Named is ScalarType or EnumType && a.Type.Nullable is not ListType)
            && nodes[0].Arguments.All(a => a.Value is not (VariableNode or ListValueNode or ObjectValueNode)))
            _constantArguments = TryConstant();
    }

    public ObjectType ParentType { get; }
    /// <summary>The value of __typename.</summary>
    public JsonEncodedText ParentTypeName { get; }
    public FieldDefinition Definition { get; }
    public IReadOnlyList<FieldNode> Nodes { get; }
    public string ResponseName { get; }
    public JsonEncodedText Key { get; }
    public bool IsTypename { get; }
    /// <summary>Null for leaf fields.</summary>
    public Selection? Selection { get; }
    /// <summary>See <see cref="ResolverContext.PerPlan"/>. Two threads may make it at once; either will do.</summary>
    public object? PerPlan { get; set; }
    public IReadOnlyList<SourceLocation> Locations => [.. Nodes.Select(static n => n.Location.LineAndColumn)];

    /// <summary>Throws <see cref="GraphQLException"/>. Objects and lists are made anew for each execution, so that no resolver can change them for another.</summary>
    public IReadOnlyDictionary<string, object?> Arguments(IReadOnlyDictionary<string, object?> variables) =>
        _constantArguments ?? Values.CoerceArgumentValues(Definition.Arguments, Nodes[0].Arguments, variables);

    /// <summary>The first field at a path of names below this one, of object types alone.</summary>
    public PlannedField? Below(ReadOnlySpan<string> path)
    {
        var field = this;
        foreach (var name in path)
        {
            if (field.Selection is not { Type: ObjectType type } selection
                || Array.Find(selection.For(type).Fields, f => f.Definition.Name == name) is not { } next)
                return null;
            field = next;
        }

        return field;
    }

    /// <summary>The names of an enum's values, ready to write.</summary>
    public Dictionary<object, JsonEncodedText> EnumNames(EnumType type)
    {
        if (_enumNames is { } known)
            return known;
        var names = new Dictionary<object, JsonEncodedText>();
        foreach (var value in type.Values)
        {
            var name = JsonEncodedText.Encode(value.Name);
            names.TryAdd(value.Value, name);
            names.TryAdd(value.Name, name);
        }

        return _enumNames = names;
    }

    public byte[][] EnumTexts(EnumType type) => _enumTexts ??= [.. type.Values.Select(v => System.Text.Encoding.UTF8.GetBytes(v.Name))];

    private IReadOnlyDictionary<string, object?>? TryConstant()
    {
        try
        {
            return Values.CoerceArgumentValues(Definition.Arguments, Nodes[0].Arguments, null);
        }
        catch (GraphQLException)
        {
            // Said again, at the field, in every execution.
            return null;
        }
    }
}
