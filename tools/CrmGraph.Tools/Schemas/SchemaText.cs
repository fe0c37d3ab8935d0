using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;

namespace CrmGraph.Tools.Schemas;

/// <summary>A schema as SDL: the schema, or why it is none. Judges documents by it.</summary>
public sealed class SchemaText
{
    /// <summary>The rule named for errors of the grammar.</summary>
    public const string Syntax = "Syntax";

    /// <summary>The rule named for errors of section 3 that need the whole schema.</summary>
    private const string TypeSystem = "Schema";

    private static readonly GraphQLLimits Limits = GraphQLLimits.ForOwnDocuments();

    public SchemaText(Schema schema) => Schema = schema;

    public SchemaText(string sdl)
    {
        try
        {
            Schema = SdlSchemaBuilder.Build(sdl);
        }
        catch (SyntaxException e)
        {
            Errors = [Named(e.Error, Syntax)];
        }
        catch (InvalidSchemaException e)
        {
            Errors = [.. e.Errors.Select(static x => Named(x, TypeSystem))];
        }
    }

    /// <summary>Null when the text is no valid schema.</summary>
    public Schema? Schema { get; }

    public IReadOnlyList<GraphQLError> Errors { get; } = [];

    /// <summary>All errors of a document, each with its rule; empty when it is valid.</summary>
    public IReadOnlyList<GraphQLError> Judge(string document)
    {
        if (Schema is null)
            return Errors;
        try
        {
            return Validator.Validate(Schema, Parser.Parse(document, Limits), Limits);
        }
        catch (SyntaxException e)
        {
            return [Named(e.Error, Syntax)];
        }
    }

    private static GraphQLError Named(GraphQLError error, string rule) => error.Rule is null ? error with { Rule = rule } : error;
}
