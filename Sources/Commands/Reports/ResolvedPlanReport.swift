internal import Backup
internal import HostSystem
internal import Model

/// A plan as a host gets it, each value with the place where it was written.
struct ResolvedPlanReport: Report {
    var host: String
    /// Absent for a directory.
    var commit: CommitSummary?
    var directory: String?
    /// The one that deployed it, where that was asked for.
    var deployment: Int64?
    var plan: JSONValue
    /// By the JSON pointers of the values in `plan`.
    var origins: [String: PlanDocument.Place]
    /// What the plan leaves open and its images say, in words, by the JSON pointers that the values would have; of images that are
    /// deployed under the same name, since of others nothing is known before they are fetched. Absent where there is nothing.
    var fromImages: [String: String]?
    /// How its data directories are saved; absent where there are no backups, and for what was kept.
    var backups: [BackupWay]?

    init(_ document: PlanDocument, host: String) {
        self.host = host
        plan = document.plan
        origins = document.places
    }

    func lines(_ style: TextStyle) -> [String] {
        var table = TextTable(indentation: 2)
        for (pointer, value) in PlanDocument(plan: plan, places: origins).values {
            table.add(
                .init(pointer.printable), .init("= \(value.text)".printable),
                .init(origins[pointer]?.words.printable ?? "", style.faint))
        }
        for (pointer, words) in (fromImages ?? [:]).sorted(by: { $0.key < $1.key }) {
            table.add(.init(pointer.printable), .init("= \(words)".printable), .init("(image)", style.faint))
        }
        return [style.strong(headline.printable)] + table.lines + backupLines(style)
    }

    /// What is known of the images of `plan`.
    mutating func take(_ plan: ResolvedPlan, after deployed: DeployedState?) {
        guard let deployed else { return }
        for (name, container) in plan.containers where deployed.desired.plan.image(of: name) == plan.image(of: name) {
            take(deployed.images[name]?.facts?.values(for: container) ?? [], of: name)
        }
    }

    mutating func take(_ values: [(key: String, words: String)], of container: String) {
        for value in values {
            fromImages = fromImages ?? [:]
            fromImages?["/containers/\(container)/\(value.key)"] = value.words
        }
    }

    private func backupLines(_ style: TextStyle) -> [String] {
        guard let backups, !backups.isEmpty else { return [] }
        var table = TextTable(indentation: 2)
        for way in backups {
            table.add(.init(way.data), .init(way.words.printable), .init(way.source.printable, style.faint))
        }
        return ["", style.strong("how its data is saved:")] + table.lines
    }

    private var headline: String {
        let subject = commit.map { "\($0.short) \($0.words)" } ?? directory ?? ""
        return (deployment.map { "deployment #\($0) on \(host)" } ?? "plan of \(host)") + ": \(subject)"
    }
}

extension BackupWay {
    fileprivate var words: String {
        guard let mode else { return origin == .unknown ? "not known" : "not saved" }
        guard mode != .none else { return "not saved" }
        let engine = engine.flatMap { $0 == .tar ? nil : " with \($0.rawValue)" } ?? ""
        return mode.rawValue + engine + (dump.map { ": \($0.joined(separator: " "))" } ?? "")
    }

    fileprivate var source: String {
        let source =
            switch origin {
            case .plan: "by the plan"
            case .image: "from the image's label"
            case .standard: "by default"
            case .unknown: ""
            }
        return ([source] + notes).filter { !$0.isEmpty }.joined(separator: "; ")
    }
}

extension JSONValue {
    /// On one line, at most 80 characters: the JSON form has all of it.
    fileprivate var text: String {
        let text = String(decoding: encoded(), as: UTF8.self)
        return text.count > 80 ? "\(text.prefix(79))…" : text
    }
}

extension PlanDocument.Place {
    /// `plan.json:12, variable:domain hosts/berlin.json:3`.
    fileprivate var words: String {
        let uses = (uses ?? []).map { "\($0.reference) \(Self.place($0.file, $0.line))" }
        return ([Self.place(file, line)] + uses).joined(separator: ", ")
    }

    private static func place(_ file: String, _ line: Int?) -> String { line.map { "\(file):\($0)" } ?? file }
}
