using System.Reflection;
using System.Text.Json;
using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Marketing;
using CrmGraph.Reporting.Sales;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

public sealed class InputMappingTests
{
    private static readonly MethodInfo ToRecord = typeof(InputMapping).GetMethod(nameof(InputMapping.ToRecord))!;

    /// <summary>What no input gives.</summary>
    private static readonly Dictionary<string, string[]> NeverGiven = new()
    {
        [nameof(IngestRecord)] = ["Origin", "Mode"],
        [nameof(OrderRecord)] = ["OrderKind"],
        [nameof(LineRecord)] = ["Id", "MoreKeys"],
        [nameof(CampaignSpendRecord)] = ["Id", "Key", "MoreKeys"],
        [nameof(ExchangeRateRecord)] = ["Id", "Key", "MoreKeys"],
    };

    public static TheoryData<string, string> Pairs { get; } = new()
    {
        { nameof(OrderLineInput), nameof(LineRecord) },
        { nameof(CampaignSpendInput), nameof(CampaignSpendRecord) },
        { nameof(ExchangeRateInput), nameof(ExchangeRateRecord) },
        { "UpsertSalesTeamInput", nameof(SalesTeamRecord) },
        { "UpsertTeamMemberInput", nameof(TeamMemberRecord) },
        { "UpsertProductInput", nameof(ProductRecord) },
        { "UpsertCampaignInput", nameof(CampaignRecord) },
        { "UpsertCustomerInput", nameof(CustomerRecord) },
        { "UpsertOrderInput", nameof(OrderRecord) },
        { "UpsertInteractionInput", nameof(InteractionRecord) },
        { "UpsertTicketInput", nameof(TicketRecord) },
        { "UpsertSurveyResponseInput", nameof(SurveyResponseRecord) },
        { "UpsertOpportunityInput", nameof(OpportunityRecord) },
        { "UpsertContractInput", nameof(ContractRecord) },
    };

    [Theory, MemberData(nameof(Pairs))]
    public void Every_member_of_a_record_is_given(string input, string record)
    {
        var full = Mapped(input, record, _ => true);
        var empty = Mapped(input, record, _ => false);

        var missing = from member in full.GetType().GetProperties()
                      where member.SetMethod is not null && Json(member.GetValue(full)) == Json(member.GetValue(empty))
                      select member.Name;

        Assert.Equal(NeverGiven[nameof(IngestRecord)].Concat(NeverGiven.GetValueOrDefault(record, [])).Order(), missing.Order());
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Every_member_of_an_input_is_used(string input, string record)
    {
        var empty = Json(Mapped(input, record, _ => false));

        Assert.All(TypeOf(input).GetProperties(), member => Assert.NotEqual(empty, Json(Mapped(input, record, name => name == member.Name))));
    }

    private static object Mapped(string input, string record, Predicate<string> isGiven)
        => ToRecord.MakeGenericMethod(TypeOf(record)).Invoke(null, [Filled(TypeOf(input), isGiven), 0])!;

    private static Type TypeOf(string name) => typeof(IngestRecord).Assembly.GetTypes().Single(type => type.Name == name);

    private static string Json(object? value) => JsonSerializer.Serialize(value, value?.GetType() ?? typeof(object));

    private static object Filled(Type type, Predicate<string> isGiven)
    {
        var made = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        var filled = made.Invoke([.. made.GetParameters().Select(p => isGiven(p.Name!) ? Sample(p.ParameterType) : Empty(p.ParameterType))]);
        foreach (var member in type.GetProperties().Where(p => p.SetMethod is not null && isGiven(p.Name)))
            member.SetValue(filled, Sample(member.PropertyType));
        return filled;
    }

    private static object? Empty(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private static object Sample(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Sample(inner);
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().Last();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = Array.CreateInstance(type.GetGenericArguments()[0], 2);
            list.SetValue(Sample(type.GetGenericArguments()[0]), 0);
            list.SetValue(Sample(type.GetGenericArguments()[0]), 1);
            return list;
        }

        return Samples.GetValueOrDefault(type) ?? Filled(type, _ => true);
    }

    private static readonly Dictionary<Type, object> Samples = new()
    {
        [typeof(string)] = "x",
        [typeof(bool)] = true,
        [typeof(int)] = 3,
        [typeof(decimal)] = 2.5m,
        [typeof(Guid)] = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        [typeof(DateTime)] = new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc),
        [typeof(DateOnly)] = new DateOnly(2026, 5, 4),
    };
}
