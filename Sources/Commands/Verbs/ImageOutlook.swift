internal import ContainerEngine
internal import Model
internal import Planning

/// What step 1 of a deployment would find of the images of `plans`, asked of their registries from wherever this runs.
struct ImageOutlook: Sendable {
    /// By host.
    let plans: [String: ResolvedPlan]
    let platform: HostPlatform?
    /// Of the host, where it is known here.
    let policy: VSNPolicy
    let inquiry: ImageInquiry

    private(set) var images: [ImageReport] = []
    private(set) var problems: [PlanProblem] = []

    /// Registries answer slowly, and some count how often they are asked.
    private static let atOnce = 4

    /// A container of a plan, with every host that has it so.
    private struct Use: Hashable {
        let name: String
        let image: ImageSource
        let container: ContainerPlan
    }

    init(plans: [String: ResolvedPlan], platform: HostPlatform?, policy: VSNPolicy, inquiry: ImageInquiry) {
        self.plans = plans
        self.policy = policy
        self.platform = platform
        self.inquiry = inquiry
    }

    func found() async -> Self {
        var outlook = self
        var hosts: [Use: [String]] = [:]
        for (host, plan) in plans {
            for (name, container) in plan.containers {
                guard let image = plan.image(of: name) else { continue }
                hosts[Use(name: name, image: image, container: container), default: []].append(host)
            }
        }
        let answers = await answers(to: Set(hosts.keys.compactMap { Self.reference($0, in: plans) }))
        for (use, hosts) in hosts.sorted(by: { Self.order($0) < Self.order($1) }) {
            outlook.add(use, hosts.sorted(), answers)
        }
        outlook.problems = Set(outlook.problems).sorted()
        return outlook
    }

    private static func order(_ use: (key: Use, value: [String])) -> (String, String) {
        (use.key.name, use.value.min() ?? "")
    }

    private typealias Answers = [ImageReference: Result<ImageInquiry.Finding, EngineError>]

    private func answers(to images: Set<ImageReference>) async -> Answers {
        await withTaskGroup(of: Answers.self) { group in
            var answers: Answers = [:]
            for (index, image) in images.sorted(by: { $0.description < $1.description }).enumerated() {
                if index >= Self.atOnce, let answer = await group.next() { answers.merge(answer) { $1 } }
                group.addTask { [image: await answer(to: image)] }
            }
            for await answer in group { answers.merge(answer) { $1 } }
            return answers
        }
    }

    private func answer(to image: ImageReference) async -> Result<ImageInquiry.Finding, EngineError> {
        do throws(EngineError) {
            return .success(try await inquiry.ask(for: image))
        } catch {
            return .failure(error)
        }
    }

    /// What a build made on this very machine has a name too.
    private static func reference(_ use: Use, in plans: [String: ResolvedPlan]) -> ImageReference? {
        switch use.image {
        case .reference(let reference): reference
        case .archive: nil
        case .build(let context):
            plans.values.first.flatMap { ImageReference(context.imageName(of: use.name, in: $0.stack)) }
        }
    }

    private mutating func add(_ use: Use, _ hosts: [String], _ answers: Answers) {
        var report = ImageReport(container: use.name, image: use.image.words, hosts: hosts)
        defer { images.append(report) }
        guard let reference = Self.reference(use, in: plans), let answer = answers[reference] else {
            report.unseen.append("an archive is read when it is deployed")
            return
        }
        switch answer {
        case .success(let finding):
            guard let plan = hosts.first.flatMap({ plans[$0] }),
                let check = ImageCheck(
                    finding.configuration, of: use.name, in: plan, asksLabels: policy.imageContract)
            else { return }
            report.platforms = finding.platforms
            report.take(finding.configuration, check)
            if let obstacle = check.obstacle(on: platform, under: policy) {
                tell(.error, use, obstacle.message, obstacle.hint)
            }
            for warning in check.warnings { tell(.warning, use, warning, "") }
        case .failure(let error):
            report.unseen.append(unseen(use, error))
        }
    }

    private mutating func unseen(_ use: Use, _ error: EngineError) -> String {
        if case .build = use.image { return "it is built when it is deployed" }
        guard case .reference(let image) = use.image, image.registry != "localhost" else { return error.message }
        let login = "a private one is shown after 'skopeo login \(image.registry)'"
        guard error.saysAbsent else {
            tell(
                .warning, use, "what the image of '\(use.name)' says of itself cannot be seen: \(error.message)", login)
            return "its registry does not show it"
        }
        tell(.error, use, "the image '\(image)' of '\(use.name)' is not in its registry", "push it; \(login)")
        return "there is none"
    }

    private mutating func tell(_ severity: PlanProblem.Severity, _ use: Use, _ message: String, _ hint: String) {
        problems.append(
            PlanProblem(
                severity: severity, file: PlanResolver.planFile, pointer: "/containers/\(use.name)/image",
                message: message, hint: hint))
    }
}

extension ImageSource {
    /// As people name it.
    fileprivate var words: String {
        switch self {
        case .reference(let reference): reference.description
        case .archive(let archive): "archive \(archive.url)"
        case .build(let context): "build \(context.path)"
        }
    }
}
