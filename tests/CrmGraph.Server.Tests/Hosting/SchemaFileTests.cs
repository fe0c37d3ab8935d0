using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Validation;
using CrmGraph.Reporting;
using CrmGraph.Server.Tests.Architecture;
using Xunit;

namespace CrmGraph.Server.Tests.Hosting;

/// <summary><c>schema/schema.graphql</c> and the documents of <c>schema/operations</c>. graphql-js looks at both again in <c>tests/conformance</c>.</summary>
public sealed class SchemaFileTests
{
    [Fact]
    public void The_printed_schema_is_the_one_in_the_repository()
    {
        var printed = SchemaPrinter.Print(CrmSchema.Builder().Build()).Trim();
        Assert.True(File.ReadAllText(Repository.PathOf("schema", "schema.graphql")).ReplaceLineEndings("\n").Trim() == printed.ReplaceLineEndings("\n"),
            "schema/schema.graphql is not what the server prints. Run: dotnet run --project tools/CrmGraph.Tools -- schema print --output schema/schema.graphql, and read the difference.");
    }

    [Fact]
    public void Every_client_document_is_valid()
    {
        var schema = CrmSchema.Builder().Build();
        var limits = new GraphQLLimits();
        var files = Directory.GetFiles(Repository.PathOf("schema", "operations"), "*.graphql");
        Assert.NotEmpty(files);
        Assert.Empty(from file in files
                     from error in Validator.Validate(schema, Parser.Parse(File.ReadAllText(file), limits), limits)
                     select $"{Path.GetFileName(file)}: {error.Message}");
    }
}
