using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation;

/// <summary>Section 5: whether a document can be executed on a schema. Valid documents are safe to plan and cache.</summary>
public static class Validator
{
    /// <param name="suggestions">Whether messages may name parts of the schema ("Did you mean"). Switch it off where the schema is a secret.</param>
    /// <returns>The errors in the order of the document, at most <see cref="GraphQLLimits.ValidationErrors"/>; empty when the document is valid.</returns>
    public static IReadOnlyList<GraphQLError> Validate(Schema schema, DocumentNode document, GraphQLLimits limits, bool suggestions = true) =>
        Validate(new ValidationContext(schema, document, limits, suggestions), SpecifiedRules.Executable);

    internal static IReadOnlyList<GraphQLError> Validate(ValidationContext context, IReadOnlyList<Func<ValidationContext, ValidationRule>> rules)
    {
        if (FragmentNesting.Exceeds(context) is { } tooDeep)
            return [tooDeep];
        if (FieldRepetition.Exceeds(context) is { } repeated)
            return [repeated];
        var made = new ValidationRule[rules.Count];
        for (var i = 0; i < made.Length; i++)
            made[i] = rules[i](context);
        new ValidationWalk(context, made).Document();
        return context.Errors;
    }
}
