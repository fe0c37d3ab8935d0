using System.Text;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using GraphQL.Resolvers;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;
using Xunit;
using Schema = CrmGraph.GraphQL.Types.Schema;
using TheirParser = GraphQLParser.Parser;
using TheirSchema = GraphQL.Types.Schema;

namespace CrmGraph.GraphQL.Tests.Conformance;

/// <summary>A second opinion: GraphQL.NET refuses the generated documents that we refuse, and no others but for the differences declared here.</summary>
[Collection(nameof(LanguageCases))]
public sealed class SecondOpinionTests(LanguageCases cases)
{
    private const int Documents = 800;
    private const string Syntax = "syntax";

    private static readonly GraphQLLimits Wide = GraphQLLimits.ForOwnDocuments();

    /// <summary>
    /// Limits of our own; and GraphQL.NET lets pass a type definition beside an operation, an operation whose root type the schema lacks, <c>@skip</c> on the root
    /// field of a subscription, and a nullable variable within a list literal, which it takes for the list.
    /// </summary>
    private static readonly string[] OnlyOurs =
        ["OperationLimits", "MaxIntrospectionDepth", "ExecutableDefinitions", "KnownOperationTypes", "SingleFieldSubscriptions", "VariablesInAllowedPosition"];

    /// <summary>In some places GraphQL.NET lets a one-of literal with two fields pass, where graphql-js refuses it as we do.</summary>
    private const string OneOf = "OneOf";

    /// <summary>
    /// GraphQL.NET takes a variable within a list literal for the list (5.8.5), and the same root field of a subscription, selected twice, for two
    /// (5.2.3.1); graphql-js sees the item's position, and one response name, as the specification says.
    /// </summary>
    private static readonly string[] OnlyTheirs = ["5.8.5", "5.2.3.1"];

    [Fact]
    public async Task Documents_are_refused_that_GraphQL_NET_refuses()
    {
        var sdl = cases.All.Where(static c => c.Kind == "schema").Select(static c => c.Sdl!).ToList();
        var ours = sdl.ConvertAll(static s => SdlSchemaBuilder.Build(s));
        var theirs = sdl.Zip(ours, Theirs).ToList();
        Assert.Contains(theirs, static s => s is not null);
        var wrong = new List<string>();
        var (refused, compared) = (0, 0);
        foreach (var c in cases.All.Where(c => c.Kind == "executable" && theirs[c.Schema] is not null && IsReadByBoth(c.Text)).Take(Documents))
        {
            if (Ours(ours[c.Schema], c.Text) is not { } our)
                continue;
            var their = await TheirsAsync(theirs[c.Schema]!, c.Text);
            (refused, compared) = (refused + (our.Length > 0 ? 1 : 0), compared + 1);
            if (our.Except(OnlyOurs).Any() != their.Except(OnlyTheirs).Any() && !our.Any(OnlyOurs.Contains) && !their.Any(OnlyTheirs.Contains)
                && !(our is [OneOf] && their.Length == 0))
                wrong.Add($"ours: {string.Join(' ', our)}\ntheirs: {string.Join(' ', their)}\n{c.Text}\n");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {compared} disagree.\n{string.Join('\n', wrong.OrderBy(static w => w.Length).Take(8))}");
        Assert.True(!LanguageCases.IsUsual || (refused > 100 && compared - refused > 100), $"{refused} of {compared} refused");
    }

    /// <summary>Its parser is older than escapes of any length, and does not look at half a surrogate pair.</summary>
    private static bool IsReadByBoth(string text) => !text.Contains("\\u{", StringComparison.Ordinal) && !text.EnumerateRunes().Contains(Rune.ReplacementChar);

    /// <summary>The rules broken; null for descriptions in executable documents, which are new in September 2025 and which GraphQL.NET does not parse.</summary>
    private static string[]? Ours(Schema schema, string text)
    {
        try
        {
            var document = Parser.Parse(text, Wide);
            return IsDescribed(document) ? null : [.. Validator.Validate(schema, document, Wide).Select(RuleOf).Distinct()];
        }
        catch (SyntaxException)
        {
            return [Syntax];
        }
    }

    private static string RuleOf(GraphQLError error) => error.Message.Contains("exactly one field", StringComparison.Ordinal) ? OneOf : error.Rule!;

    private static bool IsDescribed(DocumentNode document) => document.Definitions.Any(static d => d switch
    {
        OperationDefinitionNode o => o.Description is not null || o.VariableDefinitions.Any(static v => v.Description is not null),
        FragmentDefinitionNode f => f.Description is not null,
        _ => false,
    });

    /// <summary>The sections of the specification that are broken.</summary>
    private static async Task<string[]> TheirsAsync(TheirSchema schema, string text)
    {
        try
        {
            var document = TheirParser.Parse(text);
            var operation = document.Definitions.OfType<GraphQLOperationDefinition>().FirstOrDefault();
            if (operation is null)
                return ["no operation"];
            // Values of variables are no matter of the document: GraphQL.NET looks at them in the same pass.
            var result = await new DocumentValidator().ValidateAsync(
                new ValidationOptions { Schema = schema, Document = document, Operation = operation, Variables = global::GraphQL.Inputs.Empty });
            return [.. result.Errors.OfType<ValidationError>().Where(static e => e is not InvalidVariableError).Select(static e => e.Number!).Distinct()];
        }
        catch (GraphQLParserException)
        {
            return [Syntax];
        }
        catch (IndexOutOfRangeException e) when (e.StackTrace!.Contains(nameof(GraphQLParserException), StringComparison.Ordinal))
        {
            // A syntax error of which it cannot show the place.
            return [Syntax];
        }
        catch (ArgumentOutOfRangeException)
        {
            // Its way to refuse a variable of an output type that has a default.
            return ["5.8.2"];
        }
    }

    /// <summary>Null for the schema whose interfaces GraphQL.NET refuses: it takes a type for no subtype of an interface that it has only by another.</summary>
    private static TheirSchema? Theirs(string sdl, Schema ours)
    {
        var schema = TheirSchema.For(sdl, builder =>
        {
            foreach (var type in ours.Types.OfType<ObjectType>())
                builder.Types.For(type.Name).IsTypeOfFunc = static _ => true;
            foreach (var field in ours.SubscriptionType?.Fields ?? [])
                builder.Types.For(ours.SubscriptionType!.Name).FieldFor(field.Name).StreamResolver =
                    new SourceStreamResolver<object?>(static IObservable<object?> (_) => throw new NotSupportedException());
        });
        foreach (var scalar in ours.Types.OfType<ScalarType>().Where(static s => !Scalars.IsSpecified(s.Name)))
            schema.RegisterType(new AnyScalar(scalar.Name));
        try
        {
            schema.Initialize();
            return schema;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private sealed class AnyScalar : ScalarGraphType
    {
        public AnyScalar(string name) => Name = name;

        public override object? ParseValue(object? value) => value;

        public override object? ParseLiteral(GraphQLValue value) => value;
    }
}
