using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation;

/// <summary>What the rules share: the document's fragments, who spreads what, which variables are used where, and where the walk stands.</summary>
internal sealed class ValidationContext(Schema schema, DocumentNode document, GraphQLLimits limits, bool suggestions)
{
    private readonly Dictionary<SelectionSetNode, IReadOnlyList<FragmentSpreadNode>> _spreads = [];
    private readonly Dictionary<AstNode, IReadOnlyList<VariableUsage>> _usages = [];
    private readonly Dictionary<OperationDefinitionNode, IReadOnlyList<VariableUsage>> _allUsages = [];
    private Dictionary<string, FragmentDefinitionNode>? _fragments;

    public Schema Schema { get; } = schema;
    public DocumentNode Document { get; } = document;
    public GraphQLLimits Limits { get; } = limits;
    public List<GraphQLError> Errors { get; } = [];
    public bool IsFull => Errors.Count >= Limits.ValidationErrors;

    /// <summary>The composite type whose fields are being selected; null when unknown.</summary>
    public CompositeType? ParentType { get; set; }

    /// <summary>The type of the current field, inline fragment, fragment or operation; null when unknown.</summary>
    public GraphQLType? Type { get; set; }

    /// <summary>The definition of the current field; null when unknown.</summary>
    public FieldDefinition? Field { get; set; }

    public FragmentDefinitionNode? Fragment(string name)
    {
        if (_fragments is null)
        {
            _fragments = new(StringComparer.Ordinal);
            foreach (var definition in Document.Definitions)
                if (definition is FragmentDefinitionNode fragment)
                    _fragments[fragment.Name.Value] = fragment;
        }

        return _fragments.GetValueOrDefault(name);
    }

    /// <summary>The field of this name, meta fields included.</summary>
    public FieldDefinition? FieldOf(CompositeType type, string name) =>
        (type as FieldsType)?.Field(name) ?? (name.StartsWith('_') ? Introspection.MetaField(Schema, type, name) : null);

    /// <summary>The type that a type reference means; null when its name is unknown.</summary>
    public GraphQLType? TypeOf(TypeNode node) => node switch
    {
        NamedTypeNode n => Schema.Type(n.Name.Value),
        ListTypeNode n => TypeOf(n.Type) is { } item ? new ListType(item) : null,
        NonNullTypeNode n => TypeOf(n.Type) is { } nullable ? new NonNullType(nullable) : null,
        _ => null,
    };

    /// <summary>All fragment spreads below a selection set, spread fragments not followed.</summary>
    public IReadOnlyList<FragmentSpreadNode> Spreads(SelectionSetNode node)
    {
        if (_spreads.TryGetValue(node, out var known))
            return known;
        var spreads = new List<FragmentSpreadNode>();
        var open = new Stack<SelectionSetNode>([node]);
        while (open.TryPop(out var set))
            foreach (var selection in set.Selections)
                switch (selection)
                {
                    case FragmentSpreadNode spread: spreads.Add(spread); break;
                    case FieldNode { SelectionSet: { } below }: open.Push(below); break;
                    case InlineFragmentNode inline: open.Push(inline.SelectionSet); break;
                }

        return _spreads[node] = spreads;
    }

    /// <summary>The fragments that selections reach through any number of spreads, nearest first.</summary>
    public List<FragmentDefinitionNode> Reachable(IEnumerable<SelectionSetNode> roots)
    {
        var names = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var fragments = new List<FragmentDefinitionNode>();
        foreach (var root in roots)
            Add(root);
        for (var i = 0; i < names.Count; i++)
            if (Fragment(names[i]) is { } fragment)
            {
                fragments.Add(fragment);
                Add(fragment.SelectionSet);
            }

        return fragments;

        void Add(SelectionSetNode set)
        {
            foreach (var spread in Spreads(set))
                if (seen.Add(spread.Name.Value))
                    names.Add(spread.Name.Value);
        }
    }

    /// <summary>Every use of a variable by an operation and the fragments that it reaches.</summary>
    public IReadOnlyList<VariableUsage> AllVariableUsages(OperationDefinitionNode operation)
    {
        if (_allUsages.TryGetValue(operation, out var known))
            return known;
        var usages = new List<VariableUsage>(UsagesIn(operation));
        foreach (var fragment in Reachable([operation.SelectionSet]))
            usages.AddRange(UsagesIn(fragment));
        return _allUsages[operation] = usages;
    }

    private IReadOnlyList<VariableUsage> UsagesIn(ExecutableDefinitionNode definition) =>
        _usages.TryGetValue(definition, out var known) ? known : _usages[definition] = VariableUsages.In(this, definition);

    /// <summary>" Did you mean ...?" with the nearest of the options, or nothing.</summary>
    public string DidYouMean(string input, IEnumerable<string> options) => suggestions ? Suggestions.DidYouMean(Suggestions.Nearest(input, options)) : "";

    /// <summary>The same for values of an enum, which stand without quotes.</summary>
    public string DidYouMeanValue(string input, EnumType type) =>
        suggestions ? Suggestions.DidYouMean(Suggestions.Nearest(input, type.Values.Select(static v => v.Name)), "the enum value ", quote: "") : "";

    /// <summary>" Did you mean to use an inline fragment on ...?", or nothing.</summary>
    public string DidYouMeanFragmentOn(IReadOnlyList<string> types) => suggestions ? Suggestions.DidYouMean(types, "to use an inline fragment on ") : "";
}
