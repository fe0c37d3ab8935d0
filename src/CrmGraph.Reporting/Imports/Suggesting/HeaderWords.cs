using System.Collections.Frozen;
using System.Text;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Imports.Suggesting;

/// <summary>What a header says, in words that mean the same in English, German and Chinese: "Kundennr.", "customer_id" and "客户编号" are customer, id.</summary>
internal static class HeaderWords
{
    /// <summary>A word that is in no list stands for itself behind this sign.</summary>
    public const char Unknown = '?';
    private const int Characters = 100;

    private static readonly FrozenDictionary<string, string> Words = Lists().ToFrozenDictionary(StringComparer.Ordinal);
    private static readonly int Longest = Words.Keys.Max(word => word.Length);
    private static readonly string[] Joints = ["", "s", "n", "en", "e", "es"];

    /// <summary>The words of a header, each once.</summary>
    public static IReadOnlyList<string> Of(string header) => [.. Split(header).SelectMany(Meanings).Where(word => word.Length > 0).Distinct()];

    /// <summary>A currency that a header names: "Amount (EUR)".</summary>
    public static string? CurrencyOf(string header) =>
        Split(header).Where(word => word.Length == 3).Select(word => word.ToUpperInvariant()).FirstOrDefault(CurrencyCodes.All.Contains);

    /// <summary>At blanks and signs, and where a capital letter begins a word.</summary>
    private static string[] Split(string header)
    {
        var text = new StringBuilder();
        var normal = FoldedText.Normalized(header.Length > Characters ? header[..Characters] : header);
        for (var i = 0; i < normal.Length; i++)
        {
            var c = normal[i];
            if (i > 0 && char.IsUpper(c) && (char.IsLower(normal[i - 1]) || (char.IsUpper(normal[i - 1]) && i + 1 < normal.Length
                && char.IsLower(normal[i + 1]))))
                text.Append(' ');
            else if (i > 0 && IsIdeograph(c) != IsIdeograph(normal[i - 1]))
                text.Append(' ');
            text.Append(char.ToLowerInvariant(c) switch
            {
                'ä' => "ae",
                'ö' => "oe",
                'ü' => "ue",
                'ß' => "ss",
                '#' => " no ",
                var letter when char.IsLetter(letter) => $"{letter}",
                _ => " "
            });
        }
        return text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static IEnumerable<string> Meanings(string word)
    {
        if (Words.TryGetValue(word, out var known))
            return known.Split(' ');
        if (IsIdeograph(word[0]))
            return Ideographs(word);
        // Words written together: Bestelldatum, orderdate.
        return Compound(word, 0) is { } parts ? parts.SelectMany(part => part.Split(' ')) : CurrencyCodes.All.Contains(word.ToUpperInvariant()) ? []
            : [Unknown + word];
    }

    private static List<string>? Compound(string word, int start)
    {
        if (start == word.Length)
            return [];
        for (var length = Math.Min(Longest, word.Length - start); length >= 2; length--)
        {
            if (!Words.TryGetValue(word.Substring(start, length), out var known) || (length < 3 && start + length != word.Length))
                continue;
            foreach (var joint in Joints)
                if (string.CompareOrdinal(word, start + length, joint, 0, joint.Length) == 0 && Compound(word, start + length + joint.Length) is { } rest)
                    return [known, .. rest];
        }
        return null;
    }

    private static List<string> Ideographs(string word)
    {
        var found = new List<string>();
        for (var start = 0; start < word.Length;)
        {
            var length = Math.Min(Longest, word.Length - start);
            while (length > 0 && !Words.ContainsKey(word.Substring(start, length)))
                length--;
            if (length == 0)
                found.Add($"{Unknown}{word[start]}");
            else
                found.AddRange(Words[word.Substring(start, length)].Split(' '));
            start += Math.Max(length, 1);
        }
        return found;
    }

    private static bool IsIdeograph(char c) => c is >= '\u3400' and <= '\u9FFF';

    private static IEnumerable<KeyValuePair<string, string>> Lists()
    {
        foreach (var line in Vocabulary.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (meaning, words) = (line[..line.IndexOf(':')].Trim(), line[(line.IndexOf(':') + 1)..]);
            foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                yield return new(word, meaning == "-" ? "" : meaning);
        }
    }

    /// <summary>What is meant, and how it is written. Of "-" nothing is meant. Umlauts are written out.</summary>
    private const string Vocabulary = """
        -: the of and in a der die das des dem den und record zoho salesforce hubspot iso my our billing mailing home work primary main 的 所属 信息
        customer: customer customers client clients buyer buyers shopper member account accounts kunde kunden kundin 客户 顾客 会员 买家
        company: company companies organization organisation firm firma unternehmen 公司 企业 单位
        contact: contact contacts person ansprechpartner kontakt 联系人
        lead: lead leads interessent 线索
        id: id ids identifier key code number num no nr nummer kennung ref reference 编号 编码 号码 号 代码 主键
        name: name names bezeichnung 名称 姓名 名字 名
        first: first given fname firstname vorname
        last: last family surname lname lastname nachname familienname zuname
        full: full voller vollstaendiger
        email: email mail emailaddress eaddress 邮箱 邮件 电子邮箱 电子邮件
        phone: phone telephone tel telefon telefonnummer mobile cell cellphone mobil handy mobilnummer 电话 手机 手机号 联系电话 联系方式
        gender: gender sex geschlecht anrede 性别
        birth: birth birthday birthdate dob geburt geburts geburtstag 生日 出生 出生日期
        occupation: occupation job profession position jobtitle beruf funktion 职务 职位 职业
        title: title titel 标题
        industry: industry sector branche 行业
        country: country nation land laender 国家
        region: region state province county bundesland provinz kanton 省 省份 地区 区域
        city: city town ort stadt wohnort 城市 市
        postal: zip zipcode postal postcode plz postleitzahl 邮编 邮政编码
        address: address street strasse anschrift adresse 地址 详细地址
        channel: channel kanal vertriebsweg vertriebskanal 渠道
        source: source quelle herkunft origin 来源
        owner: owner salesperson salesrep rep representative betreuer verkaeufer vertriebler zustaendig 负责人 销售员 业务员 销售代表 归属人
        agent: agent assignee bearbeiter 处理人 客服 受理人
        tag: tag tags label labels schlagwort schlagworte stichworte 标签
        interest: interest interests interessen 兴趣 爱好
        lifecycle: lifecycle lebenszyklus 生命周期
        stage: stage phase pipelinephase 阶段 销售阶段
        status: status zustand 状态
        created: created create creation added registered registration signup joined angelegt erstellt erstellung registriert anlage 创建 注册 录入 新增
        updated: updated modified changed edited lastmodified geaendert bearbeitet aktualisiert 修改 更新
        date: date day time datetime timestamp on at datum zeit zeitpunkt am uhrzeit 日期 时间 日
        order: order orders invoice purchase purchases transaction receipt bill bestellung bestell auftrag rechnung kauf beleg 订单 销售订单 发票 购买 交易 下单
        line: line item position zeile posten 行 明细
        product: product products article articles sku stock goods artikel produkt produkte ware 产品 商品 货品
        description: description desc beschreibung text 描述 说明 简介
        category: category categories kategorie warengruppe produktgruppe group gruppe 类别 分类 品类 类目
        quantity: quantity qty units pieces count menge anzahl stueck stueckzahl 数量 件数
        unit: unit einzel
        unit price: einzelpreis stueckpreis unitprice 单价
        price: price preis 价格 售价
        amount: amount total sum value revenue sales sale turnover betrag summe umsatz gesamt wert gesamtbetrag rechnungsbetrag 金额 总额 总价 合计 收入 销售额
        discount: discount rabatt nachlass 折扣 优惠
        cost: cost costs kosten einkaufspreis 成本
        currency: currency waehrung 币种 货币
        shipping: shipping ship delivery deliver lieferung liefer versand 收货 配送 发货
        cancelled: cancelled canceled cancellation storno storniert stornierung 取消
        campaign: campaign campaigns kampagne aktion 活动 市场活动
        opportunity: opportunity opportunities deal deals verkaufschance chance 商机 销售机会 机会
        probability: probability likelihood wahrscheinlichkeit erfolgswahrscheinlichkeit 概率 赢率 可能性 成功率
        expected: expected estimated forecast voraussichtlich erwartet erwartetes 预计
        close: close closing closed closedate abschluss abgeschlossen 成交 关闭 结单 结束商机
        loss: loss lost verlust verloren 丢单 输单 流失
        reason: reason grund 原因
        ticket: ticket tickets case cases incident issue vorgang anfrage beschwerde 工单 投诉
        subject: subject betreff thema topic 主题
        priority: priority prio prioritaet dringlichkeit 优先级
        opened: opened open submitted reported engaged engage eroeffnet geoeffnet eingegangen 提交 受理
        resolved: resolved solved resolution geloest erledigt loesung 解决 完成
        response: response reply antwort reaktion 响应 首次响应
        satisfaction: satisfaction csat zufriedenheit 满意度
        score: score rating points bewertung punkte note 评分 得分 分数 打分
        nps: nps 净推荐值
        question: question questions frage fragen 问题 题目
        weight: weight weights weighting gewicht gewichtung 权重
        survey: survey questionnaire feedback umfrage befragung 问卷 调查
        comment: comment comments notes remark remarks kommentar bemerkung notiz anmerkung 备注 评论 意见 留言
        interaction: interaction activity activities meeting call visit aktivitaet besuch anruf termin 互动 跟进 拜访 沟通
        duration: duration dauer laenge 时长
        contract: contract contracts subscription vertrag abo abonnement 合同 订阅
        plan: plan tarif package paket 套餐
        start: start begin from beginn anfang startdate 开始 生效
        end: end until expiry expires ende bis ablauf laufzeitende enddate 结束 到期 截止
        monthly: monthly month monatlich monat 月 每月
        rate: rate kurs wechselkurs 汇率
        spend: spend spending ausgaben budget 花费 支出 费用
        payment: payment payments paid zahlung bezahlt 付款 支付 收款
        method: method zahlungsart zahlungsweise 方式
        kind: type kind typ art 类型 种类
        manager: manager vorgesetzter 上级 主管
        team: team department abteilung 部门 团队
        employee: employee mitarbeiter user 员工 职员
        headcount: employees headcount mitarbeiterzahl mitarbeiteranzahl 员工数 人数
        """;
}
