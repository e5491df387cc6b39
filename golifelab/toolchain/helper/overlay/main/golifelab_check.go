// The second and third step of the front end: tokens to syntax trees, trees to types.

package main

import (
	"bytes"
	"cmd/compile/internal/importer"
	"cmd/compile/internal/noder"
	"cmd/compile/internal/syntax"
	"cmd/compile/internal/types2"
	"errors"
	"fmt"
	"internal/goversion"
	typeerrors "internal/types/errors"
	"io"
	"os"
	"path"
	"reflect"
	"regexp"
	"strings"
)

// parse makes the trees, those of several files at the same time, as the compiler does.
func (f *front) parse() {
	found := make([][]error, len(f.sources))
	tasks := make([]*task, len(f.sources))
	_, standard := f.imports.files[f.request.Package]
	f.directives = noder.GolifelabReadDirectives(f.request.Package, standard, len(f.sources))
	for i, file := range f.sources {
		complain := func(err error) { found[i] = append(found[i], err) }
		directive := f.directives.Handler(i, complain)
		tasks[i] = f.begin(func() {
			file.tree, _ = syntax.Parse(file.base, bytes.NewReader(file.content), complain, directive,
				syntax.CheckBranches)
		})
	}
	for i, file := range f.sources {
		f.join("parse", tasks[i])
		for _, err := range found[i] {
			f.faults.parsed(file, err)
		}
	}
}

// checkedPackage is what the type checker found out.
type checkedPackage struct {
	pkg  *types2.Package
	info *types2.Info
}

// cycleMessage is what noder says after types2 has found nothing.
const cycleMessage = "invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)"

var versionError = regexp.MustCompile(`requires go[0-9]+\.[0-9]+ or later`)

// check runs the type checker as the compiler does. On trees with syntax errors it still finds what types
// it can, but the compiler would not have come so far: its complaints are dropped then.
func (f *front) check() *checkedPackage {
	var trees []*syntax.File
	files := make(map[*syntax.PosBase]*sourceFile)
	for _, file := range f.sources {
		if file.tree != nil {
			trees = append(trees, file.tree)
			files[file.base] = file
		}
	}
	lang := f.request.Lang
	if lang == "" {
		lang = fmt.Sprintf("go1.%d", goversion.Version)
	}
	result := &checkedPackage{info: &types2.Info{
		StoreTypesInSyntax: true,
		Defs:               make(map[*syntax.Name]types2.Object, f.bytes/bytesPerDefinition),
		Uses:               make(map[*syntax.Name]types2.Object, f.bytes/bytesPerUse),
		Selections:         make(map[*syntax.SelectorExpr]*types2.Selection),
		Implicits:          make(map[syntax.Node]types2.Object),
		Scopes:             make(map[syntax.Node]*types2.Scope),
		Instances:          make(map[*syntax.Name]types2.Instance),
		FileVersions:       make(map[*syntax.PosBase]string),
	}}
	config := types2.Config{
		GoVersion:          lang,
		IgnoreBranchErrors: true, // the parser has checked them
		Importer:           f.imports,
		Sizes:              types2.SizesFor("gc", f.request.Goarch),
	}
	config.Error = func(err error) {
		trouble, ok := err.(types2.Error)
		if !ok || f.faults.broken {
			return
		}
		base := trouble.Pos.FileBase()
		file, name := files[base], ""
		if base != nil {
			name = base.Filename()
		}
		message := trouble.Msg
		if versionError.MatchString(message) && file != nil {
			if version := result.info.FileVersions[base]; file.tree.GoVersion == version {
				message += fmt.Sprintf(" (file declares //go:build %s)", version)
			} else {
				message += fmt.Sprintf(" (-lang was set to %s; check go.mod)", lang)
			}
		}
		code := "" // what noder says has none
		if trouble.Code != 0 {
			code = trouble.Code.String()
		}
		f.faults.add(fault{name, trouble.Pos.Line(), trouble.Pos.Col(), message, code, "types", trouble.Soft})
	}
	// Before Go 1.27 aliases are types of their own only if one asks for it, as the compiler does.
	if aliases := reflect.ValueOf(&config).Elem().FieldByName("EnableAlias"); aliases.IsValid() {
		aliases.SetBool(true)
	}
	if config.Sizes == nil {
		panic("unknown architecture " + f.request.Goarch)
	}
	if f.request.Only == "checks" || f.request.Only == "found" {
		defer f.watchChecker(&config)()
		if f.faults.broken {
			return nil
		}
	}
	// A panic must not lose what was found before it.
	defer func() {
		if trouble := recover(); trouble != nil && !f.faults.broken {
			f.faults.internal("types", trouble)
		}
	}()
	result.pkg = types2.NewPackage(f.request.Package, "")
	checker := types2.NewChecker(&config, result.pkg, result.info)
	_ = checker.Files(trees) // every error went to config.Error
	if len(f.faults.list) == 0 {
		noder.GolifelabCycles(trees, func(pos syntax.Pos) {
			config.Error(types2.Error{Pos: pos, Msg: cycleMessage, Code: typeerrors.InvalidTypeCycle})
		})
	}
	if len(f.faults.list) == 0 {
		f.directives.Misplaced(trees, result.pkg, result.info, func(file string, line, column uint, message string) {
			for base, source := range files {
				if source.name == file {
					config.Error(types2.Error{Pos: syntax.MakePos(base, line, column), Msg: message})
				}
			}
		})
	}
	return result
}

// importCache keeps imported packages between requests, by importcfg and its time.
type importCache map[string]*importSet

const maxImportSets = 8

type importSet struct {
	files    map[string]string
	packages map[string]*types2.Package
	local    string
}

func (cache importCache) of(config, local string) *importSet {
	key := config
	if status, err := os.Stat(config); err == nil {
		key += status.ModTime().String()
	}
	set := cache[key]
	if set == nil {
		if len(cache) >= maxImportSets {
			clear(cache)
		}
		set = &importSet{files: make(map[string]string), packages: make(map[string]*types2.Package)}
		text, _ := os.ReadFile(config) // without it every import is reported as missing
		for _, line := range strings.Split(string(text), "\n") {
			if pair, ok := strings.CutPrefix(line, "packagefile "); ok {
				name, file, _ := strings.Cut(pair, "=")
				set.files[name] = file
			}
		}
		cache[key] = set
	}
	set.local = local
	return set
}

func (set *importSet) Import(name string) (*types2.Package, error) {
	switch {
	case name == "main":
		return nil, errors.New(`cannot import "main"`)
	case name == set.local:
		return nil, fmt.Errorf("import %q while compiling that package (import cycle)", name)
	case strings.HasPrefix(name, "/"):
		return nil, errors.New("import path cannot be absolute path")
	case path.Clean(name) != name && !strings.HasPrefix(name, "./"):
		return nil, fmt.Errorf("non-canonical import path %q (should be %q)", name, path.Clean(name))
	}
	return importer.Import(set.packages, name, "", func(name string) (io.ReadCloser, error) {
		file, known := set.files[name]
		if !known {
			return nil, errors.New(notImported(name))
		}
		return os.Open(file)
	})
}
