internal import Files
public import Model

/// How one data directory of a plan is saved, and who says so.
public struct BackupWay: Codable, Hashable, Sendable {
    public enum Origin: String, Codable, Sendable, CaseIterable {
        case plan, image
        case standard = "default"
        /// The labels of its image may say how, and nobody knows them.
        case unknown
    }

    /// What is known of the labels of a container's image.
    public enum ImageLabels: Hashable, Sendable {
        case known([String: String])
        /// Why they are not.
        case unknown(String)
    }

    public let data: String
    /// Whose word counts for it.
    public let container: String
    public private(set) var origin = Origin.unknown
    /// Absent, as all the following, while it is unknown.
    public private(set) var mode: VolumeBackup.Mode?
    public private(set) var engine: VolumeBackup.Engine?
    public private(set) var dump: [String]?
    public private(set) var load: [String]?
    /// What the image says in vain; why the way is not known; or why nothing can be saved so.
    public private(set) var notes: [String] = []

    /// Of each data directory of `plan`, by name; `images` are the labels of its containers' images, by name in the plan.
    public static func all(of plan: ResolvedPlan, images: [String: ImageLabels]) -> [Self] {
        VolumeCopy.users(of: plan).map { data, user in
            Self(
                data, user, own: plan.containers[user.container]?.labels ?? [:],
                image: images[user.container] ?? .unknown("its image is not known"))
        }.sorted { $0.data < $1.data }
    }

    /// `own` are the labels that the plan gives the container, which go before those of its image.
    private init(_ data: String, _ user: VolumeCopy.User, own: [String: String], image: ImageLabels) {
        self.data = data
        container = user.container
        let written = try? user.rule(own)
        switch image {
        case .unknown(let reason):
            guard let written, written.backup.isSettled else {
                notes = [reason]
                return
            }
            origin = .plan
            set(written, of: user)
        case .known(let labels):
            do throws(HostError) {
                set(try user.rule(labels.merging(own) { $1 }), of: user)
                origin = isSame(as: written, of: user) ? (written?.backup.saysHow == true ? .plan : .standard) : .image
            } catch {
                origin = .plan
                notes = ["\(error)"]
            }
        }
    }

    private mutating func set(_ rule: BackupRule, of user: VolumeCopy.User) {
        mode = user.mode(by: rule)
        notes = rule.notes
        guard mode != VolumeBackup.Mode.none else { return }
        engine = VolumeCopy.engine(by: rule)
        guard mode == .hook else { return }
        dump = rule.backup.dump
        load = rule.backup.load
    }

    /// Whether it is also what comes of the plan alone.
    private func isSame(as written: BackupRule?, of user: VolumeCopy.User) -> Bool {
        guard let written else { return false }
        var other = self
        (other.dump, other.load) = (nil, nil)
        other.set(written, of: user)
        return (mode, engine, dump, load) == (other.mode, other.engine, other.dump, other.load)
    }
}

extension VolumeBackup {
    fileprivate var saysHow: Bool { mode != nil || engine != nil || dump != nil }

    /// No label could change how.
    fileprivate var isSettled: Bool {
        guard let mode else { return false }
        return switch mode {
        case .none: true
        case .hook: dump != nil
        case .pause, .stop, .live: engine != nil
        }
    }
}
