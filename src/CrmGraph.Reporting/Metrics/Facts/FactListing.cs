using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What a row behind a number is.</summary>
[GraphQLName("FactType")]
public enum FactSubject
{
    /// <summary>An order, or a return.</summary>
    Order,
    /// <summary>A line of an order: numbers by product, by a condition on lines, of units, cost and profit.</summary>
    OrderLine,
    /// <summary>A support ticket.</summary>
    Ticket,
    /// <summary>A response to a survey.</summary>
    SurveyResponse,
    /// <summary>An opportunity.</summary>
    Opportunity,
    /// <summary>A contract.</summary>
    Contract,
    /// <summary>A customer, counted once however many rows he has.</summary>
    Customer,
}

/// <summary>What the rows of a number are told apart by when they are listed one by one, so that they add up to it.</summary>
internal enum FactIdentity
{
    /// <summary>Each row of a source is one.</summary>
    Fact,
    /// <summary>Several rows of a source can be parts of one.</summary>
    PartOfFact,
    /// <summary>An order, counted once whatever its lines.</summary>
    Order,
    /// <summary>A customer, counted once whatever his rows.</summary>
    Customer,
    /// <summary>A customer who stands in a row of the source, and counts by that.</summary>
    Member,
    /// <summary>A customer on a day, who counts by being in a row of the source.</summary>
    Event,
}
