using System.Collections.Frozen;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>What values of dimensions and units are called in Chinese.</summary>
internal static class ChineseWords
{
    public const string Total = "合计", Others = "其他", Unknown = "未知";

    private static readonly FrozenDictionary<Enum, string> Values = new Dictionary<Enum, string>
    {
        [TicketPriority.Low] = "低",
        [TicketPriority.Normal] = "普通",
        [TicketPriority.High] = "高",
        [TicketPriority.Urgent] = "紧急",
        [TicketKind.Enquiry] = "咨询",
        [TicketKind.Complaint] = "投诉",
        [Gender.Female] = "女",
        [Gender.Male] = "男",
        [Gender.Other] = "其他性别",
        [CustomerKind.Person] = "个人",
        [CustomerKind.Company] = "企业",
        [LifecycleStage.Subscriber] = "订阅者",
        [LifecycleStage.Lead] = "潜在客户",
        [LifecycleStage.MarketingQualified] = "营销合格线索",
        [LifecycleStage.SalesQualified] = "销售合格线索",
        [LifecycleStage.Opportunity] = "商机",
        [LifecycleStage.Customer] = "客户",
        [LifecycleStage.Evangelist] = "推荐者",
        [LifecycleStage.Former] = "前客户",
        [DayOfWeek.Monday] = "星期一",
        [DayOfWeek.Tuesday] = "星期二",
        [DayOfWeek.Wednesday] = "星期三",
        [DayOfWeek.Thursday] = "星期四",
        [DayOfWeek.Friday] = "星期五",
        [DayOfWeek.Saturday] = "星期六",
        [DayOfWeek.Sunday] = "星期日",
        [RfmGroup.Champions] = "重要价值客户",
        [RfmGroup.Loyal] = "忠诚客户",
        [RfmGroup.Active] = "活跃客户",
        [RfmGroup.New] = "新客户",
        [RfmGroup.Promising] = "有潜力客户",
        [RfmGroup.NeedsAttention] = "需要关注客户",
        [RfmGroup.AlmostLost] = "即将流失客户",
        [RfmGroup.AtRisk] = "有流失风险客户",
        [RfmGroup.PreviouslyLoyal] = "曾经的忠诚客户",
        [RfmGroup.Dormant] = "沉睡客户",
        [RfmGroup.Prospects] = "未购买客户",
        [AbcClass.A] = "A 类",
        [AbcClass.B] = "B 类",
        [AbcClass.C] = "C 类",
        [NewOrReturning.New] = "首单",
        [NewOrReturning.Returning] = "回头单",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Units = new Dictionary<string, string>
    {
        ["complaints per order"] = "投诉数 / 订单",
        ["contracts"] = "份合同",
        ["currency"] = "货币",
        ["customers"] = "位客户",
        ["days"] = "天",
        ["hours"] = "小时",
        ["opportunities"] = "个商机",
        ["orders"] = "单",
        ["orders per buyer"] = "订单数 / 购买客户",
        ["orders per day"] = "订单数 / 天",
        ["payments"] = "笔付款",
        ["percent"] = "百分比",
        ["points from -100 to 100"] = "分（-100 至 100）",
        ["points from 0 to 10"] = "分（0 至 10）",
        ["points from 1 to 5"] = "分（1 至 5）",
        ["ratio"] = "比率",
        ["readers"] = "位读者",
        ["responses"] = "份答卷",
        ["runs"] = "次运行",
        ["tickets"] = "张工单",
        ["units"] = "件",
        ["units per order"] = "件数 / 订单",
    }.ToFrozenDictionary();

    // In units that are made of others things are counted without a measure word.
    private static readonly FrozenDictionary<string, string> Things = new Dictionary<string, string>
    {
        ["contracts"] = "合同数",
        ["customers"] = "客户数",
        ["number"] = "数值",
        ["opportunities"] = "商机数",
        ["orders"] = "订单数",
        ["payments"] = "付款数",
        ["readers"] = "读者数",
        ["responses"] = "答卷数",
        ["runs"] = "运行次数",
        ["tickets"] = "工单数",
        ["units"] = "件数",
    }.ToFrozenDictionary();

    /// <summary>Null where there is none.</summary>
    public static string? Of(Enum value) => Values.GetValueOrDefault(value);

    /// <inheritdoc cref="Of(Enum)"/>
    public static string? OfUnit(string unit)
    {
        if (Units.TryGetValue(unit, out var known))
            return known;
        foreach (var (word, sign) in new[] { (" per ", " / "), (" x ", " × ") })
            if (unit.Split(word, 2) is [var left, var right])
                return $"{Thing(left)}{sign}{Thing(right)}";
        return Things.GetValueOrDefault(unit);
    }

    private static string Thing(string unit) => Things.GetValueOrDefault(unit) ?? OfUnit(unit) ?? unit;

    public static string OfMonth(int month) => $"{month}月";

    public static string Of(NoValueReason reason) => reason switch
    {
        NoValueReason.ZeroDenominator => "分母为零",
        NoValueReason.NoData => "无数据",
        NoValueReason.IncompletePeriod => "时间段未结束",
        NoValueReason.SuppressedSmallGroup => "已隐藏：客户过少",
        NoValueReason.MixedCurrency => "多币种且无汇率",
        NoValueReason.UnsupportedGrouping => "不支持此分组",
        NoValueReason.UnsupportedGrain => "不支持此时间粒度",
        NoValueReason.UnsupportedFilter => "不支持此筛选",
        NoValueReason.NotAllowed => "您的角色无权查看",
        NoValueReason.UnknownCost => "成本未知",
        NoValueReason.OutOfRange => "数值超出范围",
        NoValueReason.NoPartner => "无可对比数据",
        _ => "无数值",
    };
}
