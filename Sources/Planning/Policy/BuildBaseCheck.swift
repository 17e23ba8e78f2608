internal import Model

/// Whether the images that builds begin with come from where the owner of the host lets them come from.
struct BuildBaseCheck {
    static let names = ["Containerfile", "Dockerfile"]

    let policy: VSNPolicy
    let repository: RepositoryIndex

    /// Throws what the repository throws.
    func problems(of plan: ResolvedPlan) throws -> [PlanProblem] {
        guard let allowed = policy.buildBases else { return [] }
        return try plan.containers.sorted { $0.key < $1.key }.flatMap { name, container -> [PlanProblem] in
            guard case .build(let context) = container.image else { return [] }
            let pointer = JSONPointer.child(name, of: "/containers") + "/image/build"
            return try Self.names.flatMap { file -> [PlanProblem] in
                let path = "\(context.path)/\(file)"
                guard repository[path] != nil, let content = try repository.content(of: path) else { return [] }
                let recipe = Containerfile(content)
                return refused(by: allowed, in: recipe).map { text, reason in
                    policy.refusal(
                        "'\(path)' \(reason), which is not allowed", at: pointer,
                        setting: "images.buildBases", list: allowed, lacks: text)
                }
            }
        }
    }

    private func refused(by allowed: [String], in recipe: Containerfile) -> [(text: String, reason: String)] {
        let isRefused = { (base: String) in !allowed.contains { Self.covers($0, base) } }
        return recipe.bases.map(\.written).filter(isRefused).map { ($0, "builds on image '\($0)'") }
            + recipe.otherBases.map(\.written).filter(isRefused).map {
                ($0, "has a line that builders may read as one that builds on image '\($0)'")
            } + recipe.composed.map { ($0, "has '\($0)', which may stand for any image") }
    }

    /// `base` without its tag and digest; a name that is put together in the build is none that can be compared.
    private static func covers(_ prefix: String, _ base: String) -> Bool {
        guard let name = ImageReference(base)?.name else { return false }
        return VSNPolicy.covers(prefix, name)
    }
}

extension VSNPolicy {
    /// `HOST` or `HOST/PREFIX` of the images that builds may begin with; `nil` accepts all.
    var buildBases: [String]? { images.buildBases ?? images.registries }
}
