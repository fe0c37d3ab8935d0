using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Annotations;

public sealed class SchemaBuilderTests
{
    private static readonly Schema Schema = PetSchema.Build();

    [Theory]
    [InlineData("Dog", "id", "ID!")]
    [InlineData("Dog", "name", "String!")]
    [InlineData("Dog", "nickname", "String")]
    [InlineData("Dog", "ownerId", "ID")]
    [InlineData("Dog", "price", "Decimal!")]
    [InlineData("Dog", "bornOn", "LocalDate!")]
    [InlineData("Dog", "mood", "Mood!")]
    [InlineData("Dog", "tricks", "[String]!")]
    [InlineData("Dog", "owner", "Owner")]
    [InlineData("Dog", "isCalm", "Boolean")]
    [InlineData("Query", "dogs", "[Dog!]!")]
    [InlineData("Query", "dog", "Dog")]
    [InlineData("Query", "pets", "[Pet!]!")]
    [InlineData("Query", "node", "Node")]
    [InlineData("Query", "nodes", "[Node]!")]
    [InlineData("Mutation", "addDog", "AddDogPayload!")]
    [InlineData("Mutation", "countDogs", "CountDogsPayload!")]
    [InlineData("AddDogPayload", "dog", "Dog")]
    [InlineData("AddDogPayload", "errors", "[AddDogError!]")]
    [InlineData("CountDogsPayload", "int", "Int!")]
    [InlineData("NameTakenError", "code", "String!")]
    [InlineData("NameTakenError", "name", "String!")]
    [InlineData("Subscription", "onBark", "String!")]
    public void Nullability_lists_ids_and_conventions_give_the_type(string type, string field, string expected) =>
        Assert.Equal(expected, ((FieldsType)Schema.Type(type)!).Field(field)!.Type.ToString());

    [Theory]
    [InlineData("FindPetInput", "nameLike", "String", null)]
    [InlineData("FindPetInput", "mood", "Mood!", "CALM")]
    [InlineData("FindPetInput", "limit", "Int!", "10")]
    [InlineData("FindPetInput", "ids", "[Int!]!", null)]
    [InlineData("FindPetInput", "note", "String", null)]
    [InlineData("FindPetInput", "owner", "ID", null)]
    [InlineData("AddDogInput", "name", "String!", null)]
    [InlineData("AddDogInput", "price", "Decimal", null)]
    [InlineData("PetByInput", "number", "Int", null)]
    public void Input_fields_have_the_types_and_defaults_of_their_members(string type, string field, string expected, string? fallback)
    {
        var input = ((InputObjectType)Schema.Type(type)!).Field(field)!;
        Assert.Equal(expected, input.Type.ToString());
        Assert.Equal(fallback, input.DefaultValue is null ? null : GraphQL.Language.Printer.Print(input.DefaultValue));
    }

    [Fact]
    public void Names_follow_the_conventions()
    {
        Assert.Equal(["CALM", "VERY_PLAYFUL", "ASLEEP"], ((EnumType)Schema.Type("Mood")!).Values.Select(v => v.Name));
        Assert.Null(((ObjectType)Schema.Type("Dog")!).Field("secret"));
        Assert.True(((InputObjectType)Schema.Type("PetByInput")!).IsOneOf);
        Assert.Equal(["Node", "Pet"], ((ObjectType)Schema.Type("Dog")!).Interfaces.Select(i => i.Name));
        Assert.Equal("bark", Naming.Camel("Bark"));
        Assert.Equal("urlPath", Naming.Camel("URLPath"));
        Assert.Equal("HTTP_ERROR2", Naming.UpperSnake("HTTPError2"));
    }

    [Fact]
    public void Documentation_comments_become_descriptions()
    {
        Assert.Equal("A dog.", Schema.Type("Dog")!.Description);
        Assert.Equal("What it is called.", ((ObjectType)Schema.Type("Dog")!).Field("name")!.Description);
        Assert.Equal("What lives in the PetShop.", Schema.Type("Pet")!.Description);
        var describe = Schema.QueryType!.Field("describe")!;
        Assert.Equal("Says what it was given.", describe.Description);
        Assert.Equal("The search.", describe.Argument("input")!.Description);
    }

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        var thrown = Assert.Throws<SchemaException>(() => new SchemaBuilder().AddType(typeof(WrongQueries)).Build());
        Assert.Contains(thrown.Problems, p => p.Contains("WrongQueries.Nothing", StringComparison.Ordinal));
        Assert.Contains(thrown.Problems, p => p.Contains("WrongQueries.Unbound", StringComparison.Ordinal));
        Assert.Contains(thrown.Problems, p => p.Contains("WrongQueries.Secret", StringComparison.Ordinal));
    }

    [QueryType]
    public static class WrongQueries
    {
        public static void Nothing() { }
        public static int Unbound(nint handle) => (int)handle;
        [Authorize] public static int Secret() => 1;
    }

    [Fact]
    public void Global_ids_are_base64_of_the_type_and_the_value()
    {
        var ids = new NodeIds([]);
        Assert.Equal("UHJvZHVjdDox", ids.Format("Product", 1));
        var owner = ids.Format("Owner", PetShop.Ada);
        Assert.Equal("4F776E65723A00112233445566778899AABBCCDDEEFF", Convert.ToHexString(Convert.FromBase64String(owner)));
        Assert.Equal(PetShop.Ada, ids.Parse<Guid>(owner, "Owner"));
        Assert.Equal(PetShop.Ada, ids.Parse<Guid>(owner.TrimEnd('='), "Owner"));
        Assert.Equal(PetShop.Ada, ids.Parse<Guid>(owner.Replace('/', '_').Replace('+', '-'), "Owner"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("UHJvZHVjdA==")]
    [InlineData("QnJhbmQ6MQ==")]
    [InlineData("UHJvZHVjdDp4")]
    public void An_id_that_is_malformed_or_of_another_type_is_refused(string id) =>
        Assert.Equal("INVALID_ID", Assert.Throws<Errors.GraphQLException>(() => new NodeIds([]).Parse<int>(id, "Product")).Error.Code);
}
