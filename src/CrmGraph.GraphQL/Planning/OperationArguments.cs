using System.Text.Json;
using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Planning;

/// <summary>A field that an operation selects, with its coerced arguments.</summary>
public sealed record SelectedArguments(CompositeType On, FieldDefinition Field, IReadOnlyDictionary<string, object?> Values);

/// <summary>What a valid document with one operation asks, without running it. What @skip and @include take out counts too.</summary>
public static class OperationArguments
{
    /// <exception cref="GraphQLException">A variable or argument does not fit.</exception>
    public static IReadOnlyList<SelectedArguments> Of(Schema schema, DocumentNode document, JsonElement variables, GraphQLLimits limits)
    {
        var operation = document.Definitions.OfType<OperationDefinitionNode>().Single();
        List<GraphQLError> errors = [];
        var values = Values.CoerceVariableValues(schema, operation.VariableDefinitions, variables, limits.ValidationErrors, errors);
        if (errors is [var first, ..])
            throw new GraphQLException(first);
        var walk = new Walk(schema, document, values);
        walk.Visit(operation.SelectionSet, schema.QueryType!);
        return walk.Found;
    }

    private sealed class Walk(Schema schema, DocumentNode document, IReadOnlyDictionary<string, object?> variables)
    {
        private readonly HashSet<string> _spread = new(StringComparer.Ordinal);

        public List<SelectedArguments> Found { get; } = [];

        public void Visit(SelectionSetNode set, CompositeType on)
        {
            foreach (var selection in set.Selections)
                switch (selection)
                {
                    case FieldNode field: Visit(field, on); break;
                    case InlineFragmentNode inline: Visit(inline.SelectionSet, TypeOf(inline.TypeCondition) ?? on); break;
                    // Wherever it is spread, a fragment stands on its own type and has the same variables.
                    case FragmentSpreadNode spread when _spread.Add(spread.Name.Value): Visit(spread.Name.Value); break;
                }
        }

        private void Visit(FieldNode node, CompositeType on)
        {
            var field = (on as FieldsType)?.Field(node.Name.Value) ?? Introspection.MetaField(schema, on, node.Name.Value);
            if (field is null)
                return;
            Found.Add(new(on, field, Values.CoerceArgumentValues(field.Arguments, node.Arguments, variables)));
            if (node.SelectionSet is { } below && field.Type.Named is CompositeType type)
                Visit(below, type);
        }

        private void Visit(string fragment)
        {
            var node = document.Definitions.OfType<FragmentDefinitionNode>().Single(f => f.Name.Value == fragment);
            if (TypeOf(node.TypeCondition) is { } type)
                Visit(node.SelectionSet, type);
        }

        private CompositeType? TypeOf(NamedTypeNode? node) => node is null ? null : schema.Type(node.Name.Value) as CompositeType;
    }
}
