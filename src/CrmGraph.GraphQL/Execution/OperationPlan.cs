using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution;

/// <summary>
/// An operation made ready for many executions. What @skip and @include leave of it depends on Boolean variables only, so there is one
/// <see cref="PlanVariant"/> per combination of their values, made when first needed.
/// </summary>
internal sealed class OperationPlan
{
    private const int MaximumKeptVariants = 64;
    private readonly ConcurrentDictionary<ulong, PlanVariant> _variants = new();
    private readonly string[] _conditions;

    public OperationPlan(Schema schema, DocumentNode document, OperationDefinitionNode operation)
    {
        Schema = schema;
        Operation = operation;
        RootType = schema.RootType(operation.Operation) ?? throw new GraphQLException(ErrorCodes.ValidationFailed, $"The schema has no {operation.Operation} operations.");
        Fragments = document.Definitions.OfType<FragmentDefinitionNode>().DistinctBy(f => f.Name.Value).ToDictionary(f => f.Name.Value, StringComparer.Ordinal);
        var conditions = new HashSet<string>(StringComparer.Ordinal);
        foreach (var definition in document.Definitions.OfType<ExecutableDefinitionNode>())
            ConditionVariables(definition.SelectionSet, conditions);
        _conditions = [.. conditions.Order(StringComparer.Ordinal)];
        Introspects = IntrospectionFields.In(operation, Fragments);
        IsTrivial = operation.Operation == OperationKind.Query && operation.SelectionSet.Selections.All(s => s is FieldNode { Name.Value: "__typename" });
    }

    public Schema Schema { get; }
    public OperationDefinitionNode Operation { get; }
    public ObjectType RootType { get; }
    public Dictionary<string, FragmentDefinitionNode> Fragments { get; }
    /// <summary>The field that asks for the schema, if any.</summary>
    public FieldNode? Introspects { get; }
    /// <summary>A query that selects nothing but __typename: no resolver runs, so there is nothing to wait for, to time or to dispose of.</summary>
    public bool IsTrivial { get; }

    public PlanVariant For(IReadOnlyDictionary<string, object?> variables)
    {
        if (_conditions.Length > 64)
            return new PlanVariant(this, variables);
        var key = 0ul;
        for (var i = 0; i < _conditions.Length; i++)
            if (variables.TryGetValue(_conditions[i], out var value) && value is true)
                key |= 1ul << i;
        if (_variants.TryGetValue(key, out var variant))
            return variant;
        // Only the conditions are kept: the other variables differ from request to request.
        variant = new PlanVariant(this, _conditions.Where(variables.ContainsKey).ToDictionary(c => c, c => variables[c], StringComparer.Ordinal));
        return _variants.Count < MaximumKeptVariants ? _variants.GetOrAdd(key, variant) : variant;
    }

    private static void ConditionVariables(SelectionSetNode set, HashSet<string> names)
    {
        foreach (var selection in set.Selections)
        {
            foreach (var directive in selection.Directives)
                if (directive.Name.Value is "skip" or "include")
                    foreach (var argument in directive.Arguments)
                        if (argument.Value is VariableNode v)
                            names.Add(v.Name.Value);
            if ((selection as FieldNode)?.SelectionSet is { } below)
                ConditionVariables(below, names);
            else if (selection is InlineFragmentNode inline)
                ConditionVariables(inline.SelectionSet, names);
        }
    }
}

/// <summary>A plan under fixed values of the variables of @skip and @include.</summary>
internal sealed class PlanVariant(OperationPlan plan, IReadOnlyDictionary<string, object?> conditions)
{
    private ObjectSelection? _root;
    private CostPlan? _cost;
    // Boxed: a reference is written whole, so that no other thread sees half of it.
    private StrongBox<PlannedReads>? _reads;

    public OperationPlan Plan { get; } = plan;
    public IReadOnlyDictionary<string, object?> Conditions { get; } = conditions;
    public ObjectSelection Root => _root ??= CollectFields.Of(this, Plan.RootType, [Plan.Operation.SelectionSet]);
    public CostPlan Cost => _cost ??= CostCompiler.Of(this);
    public PlannedReads Reads => (_reads ??= new(PlannedReads.Of(Plan.Schema, Root))).Value;
}

/// <summary>The sub-selections of one planned field, merged, for every object type that its values may have.</summary>
internal sealed class Selection(PlanVariant variant, CompositeType type, IReadOnlyList<SelectionSetNode> sets)
{
    private readonly ConcurrentDictionary<ObjectType, ObjectSelection> _byType = new();
    private ObjectSelection? _only;

    public CompositeType Type { get; } = type;

    public ObjectSelection For(ObjectType objectType)
    {
        if (ReferenceEquals(objectType, Type))
            return _only ??= CollectFields.Of(variant, objectType, sets);
        return _byType.GetOrAdd(objectType, static (t, s) => CollectFields.Of(s.Variant, t, s.Sets), (Variant: variant, Sets: sets));
    }

    /// <summary>What resolvers may see of the selection. Argument values are those of this request.</summary>
    public IReadOnlyList<SelectedField> Selected(IReadOnlyDictionary<string, object?> variables) => CollectFields.Selected(variant, Type, sets, variables);
}

/// <summary>The fields of one object type under one selection.</summary>
internal sealed class ObjectSelection(ObjectType type, PlannedField[] fields)
{
    public ObjectType Type { get; } = type;
    public PlannedField[] Fields { get; } = fields;
}

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
        if (definition.Arguments.All(a => a.Type.Named is ScalarType or EnumType && a.Type.Nullable is not ListType) && nodes[0].Arguments.All(a => a.Value is not (VariableNode or ListValueNode or ObjectValueNode)))
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
            if (field.Selection is not { Type: ObjectType type } selection || Array.Find(selection.For(type).Fields, f => f.Definition.Name == name) is not { } next)
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
