using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Specification;

/// <summary>Validation (section 5 of the September 2025 edition): for every example and counter-example one of our own on the same condition. No rule named: the document is valid.</summary>
public sealed class Section5ValidationTests
{
    private const string Sdl = """
        type Query { dog: Dog pet: Pet being: Being either: CatOrDog args: Args find(by: By, list: [By!]): Dog flags(all: [Boolean!]): Int field: String }
        type Mutation { add(pet: PetInput!): Pet }
        type Subscription { message: Message other: Int }
        type Message { body: String sender: String }
        interface Pet { name: String! }
        interface Being { name: String! }
        interface Canine implements Pet { name: String! }
        enum Order { SIT DOWN }
        type Dog implements Pet & Canine { name: String! nickname: String volume: Int obeys(order: Order!): Boolean! trained(abroad: Boolean): Boolean! owner: Human }
        type Cat implements Pet { name: String! nickname: String obeys(jump: Boolean!): Boolean! purr: Int other: String }
        type Human implements Being { name: String! pets: [Pet!] }
        type Alien implements Being { name: String! planet: String }
        union CatOrDog = Cat | Dog
        union HumanOrAlien = Human | Alien
        input By { name: String owner: String }
        input CatInput { name: String! nickname: String }
        input DogInput { name: String! }
        input PetInput @oneOf { cat: CatInput dog: DogInput }
        type Args {
          needs(x: Int!, y: Int!): Int some(a: Boolean): Boolean must(a: Boolean!): Boolean number(n: Int): Int float(f: Float): Float list(l: [Boolean]!): [Boolean]
          nonNullList(l: [Boolean]!): Int optional(a: Boolean! = false): Boolean
        }
        directive @many(n: Int) repeatable on FIELD
        """;

    private static readonly GraphQLLimits Limits = GraphQLLimits.ForOwnDocuments();
    private static readonly Schema Schema = SdlSchemaBuilder.Build(Sdl);

    /// <summary>The specification's examples of one rule often leave fragments unused; that rule is looked at in its own rows.</summary>
    private static void Judge(string document, string rule)
    {
        var rules = Validator.Validate(Schema, Parser.Parse(document, Limits), Limits).Select(static e => e.Rule!).Distinct();
        if (rule != "NoUnusedFragments")
            rules = rules.Where(static r => r != "NoUnusedFragments");
        Assert.Equal(rule.Split(' ', StringSplitOptions.RemoveEmptyEntries), rules);
    }

    [Theory] // 5.1.1 Executable Definitions
    [InlineData("query A { dog { name } } extend type Dog { color: String }", "ExecutableDefinitions")]
    [InlineData("query A { dog { name } }", "")]
    public void Section_5_1_Documents(string document, string rule) => Judge(document, rule);

    [Theory]
    [InlineData("query A { dog { name } } query B { dog { owner { name } } }", "")] // 5.2.2.1 Operation Name Uniqueness
    [InlineData("query A { dog { name } } query A { dog { owner { name } } }", "UniqueOperationNames")]
    [InlineData("query A { dog { name } } mutation A { add(pet: { dog: { name: \"x\" } }) { name } }", "UniqueOperationNames")]
    [InlineData("{ dog { name } }", "")] // 5.2.3.1 Lone Anonymous Operation
    [InlineData("{ dog { name } } query A { dog { owner { name } } }", "LoneAnonymousOperation")]
    [InlineData("subscription S { message { body sender } }", "")] // 5.2.4.1 Single Root Field
    [InlineData("subscription S { ...F } fragment F on Subscription { message { body sender } }", "")]
    [InlineData("subscription S { message { body } other }", "SingleFieldSubscriptions")]
    [InlineData("subscription S { ...F } fragment F on Subscription { message { body } other }", "SingleFieldSubscriptions")]
    [InlineData("subscription S($b: Boolean!) { message @include(if: $b) { body } other @skip(if: $b) }", "SingleFieldSubscriptions")]
    [InlineData("subscription S { __typename }", "SingleFieldSubscriptions")]
    public void Section_5_2_Operations(string document, string rule) => Judge(document, rule);

    [Fact] // 5.2.1.1 Operation Type Existence
    public void Section_5_2_1_Operations_need_their_root_type()
    {
        var schema = SdlSchemaBuilder.Build("type Query { hello: String }");
        Assert.Empty(Validator.Validate(schema, Parser.Parse("query A { hello }", Limits), Limits));
        Assert.Equal("KnownOperationTypes", Validator.Validate(schema, Parser.Parse("mutation A { bye }", Limits), Limits)[0].Rule);
    }

    [Theory]
    [InlineData("fragment F on Dog { purr }", "FieldsOnCorrectType")] // 5.3.1 Field Selections
    [InlineData("fragment F on Dog { volume: loudness }", "FieldsOnCorrectType")]
    [InlineData("fragment F on Pet { name }", "")]
    [InlineData("fragment F on Pet { nickname }", "FieldsOnCorrectType")]
    [InlineData("fragment F on CatOrDog { __typename ... on Pet { name } ... on Dog { volume } }", "")]
    [InlineData("fragment F on CatOrDog { name volume }", "FieldsOnCorrectType")]
    [InlineData("fragment F on Dog { name name }", "")] // 5.3.2 Field Selection Merging
    [InlineData("fragment F on Dog { other: name other: name }", "")]
    [InlineData("fragment F on Dog { name: nickname name }", "OverlappingFieldsCanBeMerged")]
    [InlineData("fragment F on Dog { obeys(order: SIT) obeys(order: SIT) }", "")]
    [InlineData("query($o: Order!) { dog { obeys(order: $o) obeys(order: $o) } }", "")]
    [InlineData("fragment F on Dog { obeys(order: SIT) obeys(order: DOWN) }", "OverlappingFieldsCanBeMerged")]
    [InlineData("query($o: Order!) { dog { obeys(order: SIT) obeys(order: $o) } }", "OverlappingFieldsCanBeMerged")]
    [InlineData("query($o: Order!, $p: Order!) { dog { obeys(order: $o) obeys(order: $p) } }", "OverlappingFieldsCanBeMerged")]
    [InlineData("fragment F on Dog { trained(abroad: true) trained }", "OverlappingFieldsCanBeMerged")]
    [InlineData("fragment F on Pet { ... on Dog { loud: volume } ... on Cat { loud: purr } }", "")]
    [InlineData("fragment F on Pet { ... on Dog { trained(abroad: true) } ... on Cat { trained: obeys(jump: true) } }", "")]
    [InlineData("fragment F on Pet { ... on Dog { some: nickname } ... on Cat { some: purr } }", "OverlappingFieldsCanBeMerged")]
    [InlineData("fragment F on Dog { volume }", "")] // 5.3.3 Leaf Field Selections
    [InlineData("fragment F on Dog { volume { since } }", "ScalarLeafs")]
    [InlineData("query A { dog }", "ScalarLeafs")]
    [InlineData("query A { pet }", "ScalarLeafs")]
    [InlineData("query A { either }", "ScalarLeafs")]
    public void Section_5_3_Fields(string document, string rule) => Judge(document, rule);

    [Theory]
    [InlineData("fragment F on Dog { obeys(order: SIT) }", "")] // 5.4.1 Argument Names
    [InlineData("fragment F on Dog { trained(abroad: true) @include(if: true) }", "")]
    [InlineData("fragment F on Dog { obeys(command: SIT) }", "KnownArgumentNames ProvidedRequiredArguments")]
    [InlineData("fragment F on Dog { trained(abroad: true) @include(unless: false) }", "KnownArgumentNames ProvidedRequiredArguments")]
    [InlineData("fragment F on Args { needs(x: 1, y: 2) }", "")]
    [InlineData("fragment F on Args { needs(y: 2, x: 1) }", "")]
    [InlineData("fragment F on Args { number(n: 1, n: 1) }", "UniqueArgumentNames")] // 5.4.2 Argument Uniqueness
    [InlineData("fragment F on Args { must(a: true) }", "")] // 5.4.3 Required Arguments
    [InlineData("fragment F on Args { some(a: true) }", "")]
    [InlineData("fragment F on Args { some }", "")]
    [InlineData("fragment F on Args { optional }", "")]
    [InlineData("fragment F on Args { must }", "ProvidedRequiredArguments")]
    [InlineData("fragment F on Args { must(a: null) }", "ValuesOfCorrectType")]
    public void Section_5_4_Arguments(string document, string rule) => Judge(document, rule);

    [Theory]
    [InlineData("{ dog { ...A ...B } } fragment A on Dog { name } fragment B on Dog { owner { name } }", "")] // 5.5.1.1 Name Uniqueness
    [InlineData("{ dog { ...A } } fragment A on Dog { name } fragment A on Dog { owner { name } }", "UniqueFragmentNames")]
    [InlineData("fragment F on Dog { name }", "")] // 5.5.1.2 Type Existence
    [InlineData("fragment F on Dog { ... on Dog { name } }", "")]
    [InlineData("fragment F on Dog { ... @include(if: true) { name } }", "")]
    [InlineData("fragment F on Unknown { name }", "KnownTypeNames")]
    [InlineData("fragment F on Dog { ... on Unknown { name } }", "KnownTypeNames")]
    [InlineData("fragment F on CatOrDog { ... on Dog { name } }", "")] // 5.5.1.3 On Object, Interface or Union Types
    [InlineData("fragment F on Int { a }", "FragmentsOnCompositeTypes")]
    [InlineData("fragment F on Dog { ... on Boolean { a } }", "FragmentsOnCompositeTypes")]
    [InlineData("{ dog { name } } fragment F on Dog { name }", "NoUnusedFragments")] // 5.5.1.4 Must Be Used
    [InlineData("{ dog { ...Missing } }", "KnownFragmentNames")] // 5.5.2.1 Spread Target Defined
    [InlineData("{ dog { ...A } } fragment A on Dog { name ...B } fragment B on Dog { volume ...A }", "NoFragmentCycles")] // 5.5.2.2 No Cycles
    [InlineData("{ dog { ...A } } fragment A on Dog { owner { ...B } } fragment B on Human { pets { ...A } }", "NoFragmentCycles")]
    [InlineData("fragment F on Dog { ... on Dog { volume } }", "")] // 5.5.2.3.1 Object in Object
    [InlineData("fragment F on Dog { ... on Cat { purr } }", "PossibleFragmentSpreads")]
    [InlineData("fragment F on Dog { ...P } fragment P on Pet { name }", "")] // 5.5.2.3.2 Abstract in Object
    [InlineData("fragment F on Dog { ...U } fragment U on CatOrDog { ... on Cat { purr } }", "")]
    [InlineData("fragment F on Pet { name ... on Dog { volume } }", "")] // 5.5.2.3.3 Object in Abstract
    [InlineData("fragment F on CatOrDog { ... on Cat { purr } }", "")]
    [InlineData("fragment F on Being { ... on Dog { volume } }", "PossibleFragmentSpreads")]
    [InlineData("fragment F on HumanOrAlien { ... on Cat { purr } }", "PossibleFragmentSpreads")]
    [InlineData("fragment F on Pet { ...D } fragment D on CatOrDog { ... on Dog { volume } }", "")] // 5.5.2.3.4 Abstract in Abstract
    [InlineData("fragment F on Pet { ...B } fragment B on Being { name }", "PossibleFragmentSpreads")]
    [InlineData("fragment F on Canine { ...P } fragment P on Pet { name }", "")]
    public void Section_5_5_Fragments(string document, string rule) => Judge(document, rule);

    [Theory]
    [InlineData("fragment F on Args { some(a: true) }", "")] // 5.6.1 Values of Correct Type
    [InlineData("fragment F on Args { float(f: 123) }", "")]
    [InlineData("query A($by: By = { name: \"Fido\" }) { find(by: $by) { name } }", "")]
    [InlineData("fragment F on Args { number(n: \"123\") }", "ValuesOfCorrectType")]
    [InlineData("query A { find(by: { name: 123 }) { name } }", "ValuesOfCorrectType")]
    [InlineData("{ find(by: { name: \"Fido\" }) { name } }", "")] // 5.6.2 Input Object Field Names
    [InlineData("{ find(by: { cookie: \"Fido\" }) { name } }", "ValuesOfCorrectType")]
    [InlineData("{ find(by: { name: \"a\", name: \"b\" }) { name } }", "UniqueInputFieldNames")] // 5.6.3 Input Object Field Uniqueness
    [InlineData("mutation { add(pet: { cat: { nickname: \"x\" } }) { name } }", "ValuesOfCorrectType")] // 5.6.4 Required Fields
    [InlineData("mutation { add(pet: { cat: { name: null } }) { name } }", "ValuesOfCorrectType")]
    [InlineData("mutation { add(pet: { cat: { name: \"x\" } }) { name } }", "")]
    [InlineData("mutation { add(pet: { cat: { name: \"x\" }, dog: { name: \"y\" } }) { name } }", "ValuesOfCorrectType")]
    [InlineData("mutation { add(pet: {}) { name } }", "ValuesOfCorrectType")]
    [InlineData("mutation { add(pet: { dog: null }) { name } }", "ValuesOfCorrectType")]
    public void Section_5_6_Values(string document, string rule) => Judge(document, rule);

    [Theory]
    [InlineData("{ field @unknown }", "KnownDirectives")] // 5.7.1 Directives Are Defined
    [InlineData("query A @skip(if: true) { field }", "KnownDirectives")] // 5.7.2 In Valid Locations
    [InlineData("query A($a: Boolean = true, $b: Boolean = false) { field @skip(if: $a) @skip(if: $b) }", "UniqueDirectivesPerLocation")] // 5.7.3 Unique per Location
    [InlineData("query A($a: Boolean = true, $b: Boolean = false) { dog @skip(if: $a) { name } dog @skip(if: $b) { nickname } }", "")]
    [InlineData("{ field @many(n: 1) @many(n: 2) }", "")]
    public void Section_5_7_Directives(string document, string rule) => Judge(document, rule);

    [Theory]
    [InlineData("query A($a: Boolean, $a: Boolean) { dog { trained(abroad: $a) } }", "UniqueVariableNames")] // 5.8.1 Variable Uniqueness
    [InlineData("query A($a: Boolean) { ...F } query B($a: Boolean) { ...F } fragment F on Query { dog { trained(abroad: $a) } }", "")]
    [InlineData("query A($a: Boolean) { dog { trained(abroad: $a) } }", "")] // 5.8.2 Variables Are Input Types
    [InlineData("query A($s: By) { find(by: $s) { name } }", "")]
    [InlineData("query A($b: [Boolean!]) { flags(all: $b) }", "")]
    [InlineData("query A($c: Cat) { field @skip(if: $c) }", "VariablesAreInputTypes VariablesInAllowedPosition")]
    [InlineData("query A($c: Dog!) { field @skip(if: $c) }", "VariablesAreInputTypes VariablesInAllowedPosition")]
    [InlineData("query A($c: [Pet]) { field @skip(if: $c) }", "VariablesAreInputTypes VariablesInAllowedPosition")]
    [InlineData("query A($c: CatOrDog) { field @skip(if: $c) }", "VariablesAreInputTypes VariablesInAllowedPosition")]
    [InlineData("query A { dog { trained(abroad: $a) } }", "NoUndefinedVariables")] // 5.8.3 All Variable Uses Defined
    [InlineData("query A($a: Boolean) { dog { ...F } } fragment F on Dog { trained(abroad: $a) }", "")]
    [InlineData("query A { dog { ...F } } fragment F on Dog { trained(abroad: $a) }", "NoUndefinedVariables")]
    [InlineData("query A { dog { ...F } } fragment F on Dog { ...G } fragment G on Dog { trained(abroad: $a) }", "NoUndefinedVariables")]
    [InlineData("query A($a: Boolean) { dog { ...F } } query B { dog { ...F } } fragment F on Dog { trained(abroad: $a) }", "NoUndefinedVariables")]
    [InlineData("query A($a: Boolean) { dog { trained } }", "NoUnusedVariables")] // 5.8.4 All Variables Used
    [InlineData("query A($a: Boolean) { dog { ...F } } fragment F on Dog { trained }", "NoUnusedVariables")]
    [InlineData(
        "query A($a: Boolean) { dog { ...F } } query B($a: Boolean, $b: Int) { dog { ...F } } fragment F on Dog { trained(abroad: $a) }",
        "NoUnusedVariables")]
    [InlineData("query A($n: Int) { args { some(a: $n) } }", "VariablesInAllowedPosition")] // 5.8.5 All Variable Usages Are Allowed
    [InlineData("query A($l: [Boolean]) { args { some(a: $l) } }", "VariablesInAllowedPosition")]
    [InlineData("query A($a: Boolean) { args { must(a: $a) } }", "VariablesInAllowedPosition")]
    [InlineData("query A($l: [Boolean]!) { args { list(l: $l) } }", "")]
    [InlineData("query A($l: [Boolean]) { args { nonNullList(l: $l) } }", "VariablesInAllowedPosition")]
    [InlineData("query A($l: [Boolean]) { flags(all: $l) }", "VariablesInAllowedPosition")]
    [InlineData("mutation A($c: CatInput!) { add(pet: { cat: $c }) { name } }", "")]
    [InlineData("mutation A($c: CatInput! = { name: \"x\" }) { add(pet: { cat: $c }) { name } }", "")]
    [InlineData("mutation A($c: CatInput) { add(pet: { cat: $c }) { name } }", "VariablesInAllowedPosition")]
    [InlineData("query A($a: Boolean) { args { optional(a: $a) } }", "")]
    [InlineData("query A($a: Boolean = true) { args { must(a: $a) } }", "")]
    public void Section_5_8_Variables(string document, string rule) => Judge(document, rule);
}
