using System.Collections.Frozen;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>The formulas of all metrics in Chinese, by key.</summary>
internal static class ChineseFormulas
{
    private const string Weights = "按 `weighted` 计时为权重之和。";
    private const string Weighted = "按 `weighted` 计时各答卷按其权重计，误差范围按有效样本量计算：（权重之和）² ÷ 权重平方之和（L. Kish，Survey Sampling，1965）。";

    private static readonly IReadOnlyDictionary<string, string> OfSales = new Dictionary<string, string>
    {
        ["revenue"] = "销售行折后净额，减去退货（计入退货当日）。",
        ["grossRevenue"] = "销售行折后净额，不扣退货。",
        ["returns"] = "退回商品的金额，取正数，计入退货当日。",
        ["discounts"] = "销售行给予的折扣。",
        ["orders"] = "至少含一个销售行的订单数；拆单与同日订单各计一单。按产品：含该产品的订单数。",
        ["unitsSold"] = "销售行的数量之和。",
        ["averageOrderValue"] = "销售总额 ÷ 订单数。",
        ["revenuePerCustomer"] = "已知客户的销售额 ÷ 期内不重复购买客户数。",
        ["purchaseFrequency"] = "已知客户的订单数 ÷ 期内不重复购买客户数。",
        ["cost"] = "销售行的成本减去退货行的成本（计入退货当日），只计成本已知的行；未知成本不等于 0，全部未知时无值。",
        ["grossProfit"] = "成本已知的行：销售额 − 成本；退货计入退货当日。全部未知时无值。",
        ["grossMargin"] = "毛利 ÷ 成本已知的行的销售额。",
        ["costCoverage"] = "成本已知的销售行的总额 ÷ 销售总额：说明成本、毛利与毛利率的代表范围。",
        ["discountRate"] = "折扣 ÷ 折扣前销售总额（销售总额 + 折扣）。",
        ["returnRate"] = "退货额 ÷ 同期销售总额。退货计入退货当日，因此可能大于 1。",
        ["unitsPerOrder"] = "销售件数 ÷ 订单数。",
        ["paidAmount"] = "订单的付款减去退款之和（不论何时支付），计入订单当日；已取消的订单不计。",
        ["payments"] = "订单的付款笔数（含退款），计入订单当日；已取消的订单不计。",
        ["ordersPerDay"] = "订单数 ÷ 已到来的天数（含今天）；按小时则为该小时的订单数。",
        ["medianOrderValue"] = "订单金额的中位数（销售行折后净额）；偶数个时取中间两个的平均值。",
        ["repeatPurchaseRate"] = "期内购买的已知客户中，期内有两单及以上者的占比。",
        ["oneTimeBuyers"] = "期内恰好一单的不重复已知客户数。",
        ["daysBetweenOrders"] = "已知客户相邻两单间隔天数的中位数，后一单在期内；同日为 0。",
        ["daysToSecondOrder"] = "已知客户首单到第二单间隔天数的中位数，第二单在期内。",
    };

    private static readonly IReadOnlyDictionary<string, string> OfCustomers = new Dictionary<string, string>
    {
        ["buyers"] = "期内购买的不重复已知客户数。",
        ["activeCustomers"] = "期内购买的不重复已知客户数。",
        ["totalCustomers"] = "期末日活跃的客户数。",
        ["customersAtStart"] = "期初前一日活跃的客户数。按时间汇总取第一个值。",
        ["customersAtEnd"] = "期末日活跃的客户数，与客户总数相同：期初 + 新增 + 回流 − 流失。",
        ["netCustomerGrowth"] = "期末客户数 − 期初客户数，即新增 + 回流 − 流失。",
        ["newCustomers"] = "首次购买或首份合同在期内的客户数。",
        ["lostCustomers"] = "期内客户不再活跃的次数：活跃窗口内无购买且无有效合同。",
        ["reactivatedCustomers"] = "期内流失客户重新活跃的次数。",
        ["customerGrowthRate"] = "（期末客户数 − 期初客户数）÷ 期初客户数，净增长。",
        ["retentionRate"] = "期初活跃客户（按客户逐一识别）中期末仍活跃者的占比；新增与回流不算保留。",
        ["customerLifetimeValue"] = "HISTORIC：截至期末已知客户的累计销售额 ÷ 截至期末买过的已知客户数。"
            + "SIMPLE：期内已知客户销售额 ÷ 购买客户数 × 1 ÷ 流失率（期数），最长 `horizon` 个月；无人流失时即按 `horizon`。"
            + "PREDICTED：截至期末买过的客户的预测价值（BG/NBD 与 Gamma-Gamma，折现，`horizon` 为 12、24、36 时取未来 52、104、156 周）÷ 这些客户数；预测取最近一次评分，与期间无关。"
            + "`of: PROFIT` 按成本已知的行的利润计算；PREDICTED 则乘以期内毛利率。",
        ["lifetimeValueToCac"] = "客户终身价值 ÷ 同期客户获取成本。",
        ["churnRate"] = "期初活跃客户中期末不再活跃者的占比：1 − 客户保留率。",
    };

    private static readonly IReadOnlyDictionary<string, string> OfService = new Dictionary<string, string>
    {
        ["nps"] = "（9–10 分答卷 − 0–6 分答卷）÷ 全部答卷 × 100；期内每份答卷都计入。" + Weighted,
        ["npsResponses"] = "净推荐值问题的答卷数。" + Weights,
        ["promoters"] = "净推荐值问题 9–10 分的答卷数。" + Weights,
        ["passives"] = "净推荐值问题 7–8 分的答卷数。" + Weights,
        ["detractors"] = "净推荐值问题 0–6 分的答卷数。" + Weights,
        ["promoterShare"] = "9–10 分答卷 ÷ 净推荐值问题全部答卷 × 100。" + Weighted,
        ["passiveShare"] = "7–8 分答卷 ÷ 净推荐值问题全部答卷 × 100。" + Weighted,
        ["detractorShare"] = "0–6 分答卷 ÷ 净推荐值问题全部答卷 × 100。" + Weighted,
        ["npsMeanScore"] = "净推荐值问题的分数之和 ÷ 答卷数。" + Weighted,
        ["csat"] = "满意答卷 ÷ 全部答卷 × 100。各量表线性换算到 1–5 分，4 分及以上为满意。只计问卷的答卷。" + Weighted,
        ["csatResponses"] = "满意度问题的答卷数。" + Weights,
        ["csatMeanScore"] = "满意度问题的分数之和 ÷ 答卷数；各量表先线性换算到 1–5 分：1 + 4 ×（分数 − 1）÷（最高分 − 1）。" + Weighted,
        ["npsResponseRate"] = "期内购买的不重复已知客户中，期内回答了净推荐值问题者的占比。未记录问卷发给谁：每位购买者都视为被问。",
        ["csatResponseRate"] = "期内解决的工单中，客户给出评分（Ticket.csat）者的占比。",
        ["tickets"] = "期内开启的咨询与投诉数。",
        ["openTickets"] = "期末日结束时尚未解决的工单数；重开的工单自开启起一直算未解决。",
        ["reopenRate"] = "期内开启且至少解决过一次的工单中，被重开者的占比。",
        ["firstResponseTime"] = "期内首次响应的工单：开启到首次响应小时数的中位数（自然时）；尚未响应者不计。",
        ["firstResponseTimeP90"] = "期内首次响应的工单：开启到首次响应小时数的 90 分位（自然时）；尚未响应者不计。",
        ["resolutionTime"] = "期内解决的工单：开启到解决小时数的中位数（自然时）；尚未解决者不计。",
        ["resolutionTimeP90"] = "期内解决的工单：开启到解决小时数的 90 分位（自然时）；尚未解决者不计。",
        ["resolvedInTime"] = "期内解决的工单中，开启后 `hours` 小时内解决者的占比（自然时）。",
        ["enquiries"] = "期内开启的咨询数。",
        ["complaints"] = "期内开启的投诉数。",
        ["complaintRate"] = "期内开启的投诉数 ÷ 期内订单数。",
    };

    private static readonly IReadOnlyDictionary<string, string> OfMarketingAndDeals = new Dictionary<string, string>
    {
        ["reportRuns"] = "报告运行次数，不含保存该版本者自己的运行。",
        ["reportReaders"] = "运行过他人所存报告的不重复调用者数。",
        ["marketingSpend"] = "期内全部营销活动的费用。",
        ["cac"] = "营销费用 ÷ 同期新增客户。`lag`：费用推后若干天计入；`paidOnly`：只计获客渠道曾有营销费用的客户。按获客渠道时取该渠道的费用。",
        ["campaignRevenue"] = "归因于营销活动的订单的销售额。客户的每个标明活动的销售订单即为一次触达；按 `attribution` 归于订单前 `window` 天内（含本单）的首次、末次或平均归于全部触达。无触达者为自然订单，不计；未知客户只看订单本身。",
        ["campaignCustomers"] = "期内有订单归因于营销活动的不重复已知客户数，归因方式同营销活动销售额。",
        ["returnOnSpend"] = "（营销活动销售额 − 营销费用）÷ 同期营销费用。自然订单既无收入归因也无费用。",
        ["winRate"] = "赢单数 ÷（赢单数 + 丢单数），按关闭日；未关闭者不计。`by: AMOUNT` 按金额计算。",
        ["conversionRate"] = "期内开启且至少已过 `within` 天的商机中，开启后 `within` 天内赢单者的占比。`view: EVENT`：期内赢单（开启后 `within` 天内）÷ 期内开启的商机。",
        ["opportunitiesOpened"] = "期内开启的商机数。",
        ["opportunitiesWon"] = "期内赢单的商机数。",
        ["opportunitiesLost"] = "期内丢单的商机数。",
        ["wonAmount"] = "期内赢单商机的金额；无金额者不计，全部无金额时无值。",
        ["lostAmount"] = "期内丢单商机的金额；无金额者不计，全部无金额时无值。",
        ["averageDealSize"] = "成交金额 ÷ 有金额的赢单数。",
        ["salesCycleDays"] = "期内赢单商机从开启到赢单天数的中位数；未关闭与丢单者不计。",
        ["salesCycleDaysP90"] = "期内赢单商机从开启到赢单天数的 90 分位。",
        ["openPipeline"] = "期末日结束时在途商机的预估金额；无预估者不计，全部无预估时无值。",
        ["weightedPipeline"] = "期末日结束时在途商机的预估金额 × 当前赢单概率；缺金额或概率者不计，全部缺失时无值。",
        ["openPipelineAge"] = "期内已到来的最后一日结束时，在途商机自开启以来天数的中位数。",
        ["openOpportunities"] = "期末日结束时在途的商机数。",
        ["recurringRevenue"] = "期内已到来的最后一日结束时有效合同的月费之和，按合同首日汇率换算；无金额者不计，全部无金额时无值。",
        ["netRevenueRetention"] = "期初有合同的客户：期末月费（含其新合同）÷ 期初月费，按币种、以期初前一日汇率换算。",
        ["grossRevenueRetention"] = "同净收入留存率，但每位客户最多计期初金额：流失不被他人的增长抵消。",
        ["contractChurnRate"] = "期初有效的合同中，期内（截至今天）终止者的占比。",
        ["contractLength"] = "期内（截至今天）终止的合同从首日到终止天数的中位数；未终止者不计。",
        ["expiringContracts"] = "期内已到来的最后一日结束时有效、并在其后 `within` 天内到期的合同数。",
    };

    private static readonly FrozenDictionary<string, string> ByKey =
        OfSales.Concat(OfCustomers).Concat(OfService).Concat(OfMarketingAndDeals).ToFrozenDictionary(StringComparer.Ordinal);

    public static string Of(string key) => ByKey[key];
}
