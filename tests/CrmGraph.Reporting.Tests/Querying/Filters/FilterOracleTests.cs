using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying.Filters;

/// <summary>
/// Every field of every filter input with every operator, on random data, with random operands taken from the data and from beside it: the
/// database must find what LINQ over objects finds. That LINQ means what the documentation says is <see cref="FilterOperatorTests"/>' matter.
/// </summary>
public sealed class FilterOracleTests
{
    private static readonly Schema Schema = CrmSchema.Builder().Build();

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_operator_on_every_field_finds_in_the_database_what_it_finds_in_memory(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var crm = await SampleCrm.CreateAsync(database, seed: 7);
        var moment = ReportingMoment.Of(crm.Settings, database.Clock);
        await using var context = database.CreateContext();
        var check = new Oracle(context, moment);

        await check.RunAsync(crm.Customers, c => c.Id);
        await check.RunAsync(crm.Orders, o => o.Id);
        await check.RunAsync(crm.OrderLines, l => l.Id);
        await check.RunAsync(crm.Products, p => p.Id);
        await check.RunAsync(crm.Opportunities, o => o.Id);
        await check.RunAsync(crm.Contracts, k => k.Id);
        await check.RunAsync(crm.Interactions, i => i.Id);
        await check.RunAsync(crm.Tickets, t => t.Id);
        await check.RunAsync(crm.SurveyResponses, a => a.Id);
        await check.RunAsync(crm.Campaigns, c => c.Id);
        await check.RunAsync(crm.Members, m => m.Id);
        await check.RunAsync(crm.Teams, t => t.Id);
        await check.RunAsync(crm.ExchangeRates, r => (r.Currency, r.Day));

        Assert.True(check.Differences.Count == 0, string.Join('\n', check.Differences.Take(40)));
        Assert.True(check.Comparisons > 400, $"{check.Comparisons} comparisons only");
        Assert.True(check.Telling > check.Comparisons / 6, $"{check.Telling} of {check.Comparisons} filters told rows apart");
    }

    private sealed class Oracle(CrmDbContext database, ReportingMoment moment)
    {
        private readonly Random _random = new(11);

        public int Comparisons { get; private set; }
        public int Telling { get; private set; }
        public List<string> Differences { get; } = [];

        public async Task RunAsync<T, TKey>(List<T> rows, Func<T, TKey> key) where T : class
        {
            var type = (InputObjectType)Schema.Type(typeof(T).Name + "FilterInput")!;
            foreach (var field in type.Fields.Where(f => f.Tag is not null && f.Name is not ("and" or "or" or "not")))
                foreach (var value in field.Type.Named is InputObjectType input ? Values(input, 2) : FieldValues(type, field, 2))
                {
                    // Every filter of a new shape costs EF a compilation, so half of them, another half for each field.
                    if (_random.Next(2) == 0)
                        continue;
                    var where = new InputObject(type, new Dictionary<string, object?> { [field.Name] = value });
                    if (_random.Next(3) == 0)
                        where = new InputObject(type, new Dictionary<string, object?> { ["not"] = where });
                    await CompareAsync(rows, key, where);
                }
        }

        private async Task CompareAsync<T, TKey>(List<T> rows, Func<T, TKey> key, InputObject where) where T : class
        {
            var text = Show(where);
            // Every filter runs once, over few rows: compiling it would take longer.
            var inMemory = rows.Where(Build<T>(where, FilterTarget.Memory).Compile(preferInterpretation: true)).Select(key).Order().ToList();
            List<TKey> found;
            try
            {
                found = [.. (await database.Set<T>().AsNoTracking().Where(Build<T>(where, FilterTarget.Database)).ToListAsync()).Select(key).Order()];
            }
            catch (Exception e)
            {
                Differences.Add($"{typeof(T).Name} {text}: {e.Message}");
                return;
            }

            Comparisons++;
            if (inMemory.Count > 0 && inMemory.Count < rows.Count)
                Telling++;
            if (!inMemory.SequenceEqual(found))
                Differences.Add($"{typeof(T).Name} {text}: {inMemory.Count} in memory, {found.Count} in the database");
        }

        private Expression<Func<T, bool>> Build<T>(InputObject where, FilterTarget target) =>
            FilterBuilder.Build<T>(where, new() { Moment = moment, Target = target, Database = database });

        /// <summary>One value of an input type per operator or field in it; related rows to some depth.</summary>
        private IEnumerable<InputObject> Values(InputObjectType type, int depth)
        {
            foreach (var field in type.Fields)
                foreach (var value in FieldValues(type, field, depth))
                    if (Required(type, field, depth, value) is { } fields)
                        yield return new InputObject(type, fields);
        }

        /// <summary>Null where something that is required lies too deep.</summary>
        private Dictionary<string, object?>? Required(InputObjectType type, InputValueDefinition field, int depth, object? value)
        {
            var fields = new Dictionary<string, object?> { [field.Name] = value };
            foreach (var other in type.Fields.Where(f => f.IsRequired && f != field))
            {
                if (FieldValues(type, other, depth).FirstOrDefault() is not { } needed)
                    return null;
                fields[other.Name] = needed;
            }

            return fields;
        }

        private IEnumerable<object?> FieldValues(InputObjectType type, InputValueDefinition field, int depth)
        {
            if (field.Tag is FilterOperator op)
            {
                foreach (var operand in Operands.Of(op, field.Type, _random, moment))
                    yield return operand;
            }
            else if (field.Type.Named is InputObjectType { ClrType: { } clr })
            {
                Assert.Equal(typeof(PeriodInput), clr);
                yield return new PeriodInput { Last = new() { Count = _random.Next(1, 6), Unit = CalendarUnit.Quarter } };
            }
            else if (field.Type is ListType { OfType: NonNullType { OfType: InputObjectType item } })
            {
                if (depth <= 0)
                    yield break;
                var few = Values(item, 0).Where(_ => _random.Next(6) == 0).Take(3).ToList();
                if (few.Count > 0)
                    yield return few;
            }
            else if (field.Type.Named is InputObjectType inner)
            {
                // Related rows: not every field of theirs, they have their own turn.
                var all = Values(inner, depth - 1);
                if (depth > 0)
                    foreach (var value in inner.Fields.Any(f => f.Name == "not") ? all.Where(_ => _random.Next(30) == 0).Take(6) : all)
                        yield return value;
            }
            else if (field.Type.Named.Name == "Boolean")
            {
                yield return true;
                yield return false;
            }
            else if (field.Name == "currency")
            {
                yield return "USD";
            }
            else if (field.Name == "search")
            {
                yield return $"{Operands.Text(_random)} {Operands.Text(_random)}";
            }
        }

        private static string Show(object? value) => value switch
        {
            InputObject o => "{" + string.Join(", ", o.Fields.Select(f => $"{f.Key}: {Show(f.Value)}")) + "}",
            string s => $"\"{s}\"",
            System.Collections.IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Show)) + "]",
            null => "null",
            _ => value.ToString()!,
        };
    }

    /// <summary>Operands for an operator: from the sample's values, from beside and between them, and beyond what can be stored.</summary>
    private static class Operands
    {
        private static readonly string[] Texts =
            ["a", "A", "e", "an", "EUR", "Tea", "web", "WEB", "Online", "DE", "Berlin", "ber", "%", "_", "", "ß", "İ", "张", "𝔘", "n", "N", "@example",
                "COM", ".", "K"];

        public static string Text(Random random) => Texts[random.Next(Texts.Length)];

        public static IEnumerable<object?> Of(FilterOperator op, GraphQLType type, Random random, ReportingMoment moment)
        {
            // Ids of each type have their own test.
            if (type.Named.Name == "ID")
                yield break;
            switch (op.Shape)
            {
                case OperandShape.Span:
                    yield return new RelativeSpanInput { Count = random.Next(1, 5), Unit = (CalendarUnit)random.Next(7), Complete = random.Next(2) == 0 };
                    break;
                case OperandShape.Unit:
                    yield return (CalendarUnit)random.Next(7);
                    break;
                case OperandShape.List:
                    yield return random.Next(8) == 0 ? [] : Enumerable.Range(0, 5).Select(_ => (object?)Value(type.Named, random, moment)).ToList();
                    if (type is ListType { OfType: not NonNullType } && random.Next(3) == 0)
                        yield return new List<object?> { Value(type.Named, random, moment), null };
                    break;
                default:
                    yield return Value(type.Named, random, moment);
                    if (op.AllowsNull && random.Next(3) == 0)
                        yield return null;
                    break;
            }
        }

        private static object Value(NamedType type, Random random, ReportingMoment moment) => type switch
        {
            EnumType e => e.Values[random.Next(e.Values.Count)].Value,
            { Name: "Boolean" } => random.Next(2) == 0,
            { Name: "Int" } => random.Next(4) == 0 ? random.Next(1_000) : random.Next(12),
            { Name: "Long" } => (long)random.Next(100),
            { Name: "Decimal" } => Decimal(random),
            { Name: "LocalDate" } => moment.Today.AddDays(-random.Next(900)),
            { Name: "DateTime" } => moment.Now.AddDays(-random.Next(900)).AddTicks(random.Next(20_000)),
            _ => Text(random),
        };

        private static decimal Decimal(Random random) => random.Next(8) switch
        {
            0 => decimal.MaxValue,
            1 => decimal.MinValue,
            2 => random.Next(200) + 0.00005m,
            3 => 1.23456789012345678901234567m,
            4 => -0.00001m,
            _ => random.Next(200_000) / 100m,
        };
    }
}
